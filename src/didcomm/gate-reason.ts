/** Why a message rests in quarantine: stored with it and shown by name. The rules are those of the gate. */
export type GateReason =
  // caps, before anything is parsed
  | 'too-large'
  | 'too-deep'
  | 'attachments'
  // shape
  | 'malformed'
  | 'typ' // R32
  | 'id' // R21
  | 'attachment' // R31
  // envelope
  | 'plaintext' // R1
  | 'nesting' // R9
  | 'header' // R10
  | 'recipients' // R11
  | 'alg' // R12
  | 'epk' // R13
  | 'decrypt' // altered, or made for another key
  | 'did' // R38-R40: a DID that does not resolve
  // addressing
  | 'from-skid' // R2
  | 'no-from' // R3
  | 'anon-chat' // R4
  | 'to' // R5
  | 'signer' // R6
  | 'surreptitious' // R7
  | 'two-senders' // R8
  // rotation
  | 'fp-kid' // R14
  | 'fp-sub' // R15
  | 'fp-contact' // R16
  | 'fp-time' // R17
  | 'end' // R20
  // what the wallet knows
  | 'replay' // R22
  | 'invite' // R24
  | 'expired' // R25
  | 'forward'; // R30
