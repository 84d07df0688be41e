import { useEffect, useState, type ReactNode } from 'react';

interface LaterProps {
  readonly children: ReactNode;
}

/** Shows its content after 150 ms: what loads faster than that needs no skeleton. */
export function Later({ children }: LaterProps) {
  const [due, setDue] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setDue(true), 150);
    return () => clearTimeout(timer);
  }, []);
  return due ? children : null;
}
