import { Component, type ReactNode } from 'react';
import { boundary, common } from '../words/shell.ts';
import { fill } from '../words/fill.ts';
import controls from './controls.module.css';
import { Screen } from './Screen.tsx';

interface BoundaryProps {
  readonly children: ReactNode;
}

interface BoundaryState {
  readonly error: { readonly code: string | undefined } | undefined;
}

/** One per route: a screen that breaks leaves the others usable. Give it the route as its key. */
export class Boundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { error: undefined };

  static getDerivedStateFromError(error: unknown): BoundaryState {
    return { error: { code: codeOf(error) } };
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <Screen heading={boundary.heading}>
        <p role="alert">{boundary.note}</p>
        {error.code !== undefined && (
          <p className={controls['note']}>{fill(boundary.code, { code: error.code })}</p>
        )}
        <div className={controls['actions']}>
          <button className={controls['primary']} type="button" onClick={() => location.reload()}>
            {common.tryAgain}
          </button>
        </div>
      </Screen>
    );
  }
}

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
