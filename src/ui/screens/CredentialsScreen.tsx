import IdCard from 'lucide-react/icons/id-card';
import { Link } from 'wouter';
import controls from '../parts/controls.module.css';
import { Empty } from '../parts/Empty.tsx';
import { Screen } from '../parts/Screen.tsx';
import { credentials } from '../words/credentials.ts';

export const CredentialsScreen = () => (
  <Screen heading={credentials.heading}>
    <ul aria-label={credentials.heading}>
      <li>
        <Empty icon={<IdCard size="1.75rem" aria-hidden="true" />}>
          <p>{credentials.empty}</p>
          <Link className={controls['primary']} to="/invite">
            {credentials.invite}
          </Link>
        </Empty>
      </li>
    </ul>
  </Screen>
);
