import MessageCircle from 'lucide-react/icons/message-circle';
import { useChats } from '../../state/hooks.ts';
import { Boundary } from '../parts/Boundary.tsx';
import { Empty } from '../parts/Empty.tsx';
import { Split } from '../parts/Split.tsx';
import { chats } from '../words/chats.ts';
import { ChatList } from './ChatList.tsx';
import { ChatScreen } from './chat/ChatScreen.tsx';
import { twinsIn } from './twins.ts';

interface ChatsRouteProps {
  readonly open: string | undefined;
}

export function ChatsRoute({ open }: ChatsRouteProps) {
  const rows = useChats();
  const twins = twinsIn(rows);
  return (
    <Split
      open={open}
      list={<ChatList rows={rows} twins={twins} open={open} />}
      detail={
        open === undefined ? (
          <Empty icon={<MessageCircle size="1.75rem" aria-hidden="true" />}>
            <p>{chats.choose}</p>
          </Empty>
        ) : (
          <Boundary key={open}>
            <ChatScreen contactId={open} twin={twins.has(open)} />
          </Boundary>
        )
      }
    />
  );
}
