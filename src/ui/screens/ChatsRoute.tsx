import MessageCircle from 'lucide-react/icons/message-circle';
import { Boundary } from '../parts/Boundary.tsx';
import { Empty } from '../parts/Empty.tsx';
import { Split } from '../parts/Split.tsx';
import { chats } from '../words/chats.ts';
import { ChatList } from './ChatList.tsx';
import { ChatScreen } from './chat/ChatScreen.tsx';

interface ChatsRouteProps {
  readonly open: string | undefined;
}

export const ChatsRoute = ({ open }: ChatsRouteProps) => (
  <Split
    open={open}
    list={<ChatList open={open} />}
    detail={
      open === undefined ? (
        <Empty icon={<MessageCircle size="1.75rem" aria-hidden="true" />}>
          <p>{chats.choose}</p>
        </Empty>
      ) : (
        <Boundary key={open}>
          <ChatScreen contactId={open} />
        </Boundary>
      )
    }
  />
);
