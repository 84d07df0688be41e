import { on, type Draft } from '../../didcomm/router.ts';
import { Profile, RequestProfile } from './messages.ts';

export interface ProfilePorts {
  /** The name the person goes by; it is told to contacts who ask. */
  readonly myName: string;
  setClaimedName(name: string): void;
}

export const receiveProfiles = on<typeof Profile, unknown, ProfilePorts>(
  Profile,
  (message, _facts, ports) => {
    const { displayName } = message.body.profile;
    if (displayName !== undefined) ports.setClaimedName(displayName ?? '');
    // The answer must not ask in turn, or two wallets would never stop.
    return message.body.send_back_yours === true ? [draftProfile(ports.myName, 'child')] : [];
  },
);

export const answerProfileRequests = on<typeof RequestProfile, unknown, ProfilePorts>(
  RequestProfile,
  (_message, _facts, ports) => [draftProfile(ports.myName, 'child')],
);

/** Own name. A reply is a child thread: `pthid` is the id of the message that asked. */
export const draftProfile = (name: string, thread: Draft['thread'], sendBack = false): Draft => ({
  type: Profile.type,
  body: { profile: { displayName: name }, ...(sendBack ? { send_back_yours: true } : {}) },
  thread,
});
