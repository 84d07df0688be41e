import { Fragment } from 'react';

interface FillProps {
  /** A sentence with one `{name}` in it. */
  readonly sentence: string;
  readonly name: string;
}

/** A sentence with somebody's name in it, whose direction of writing stays within the name. */
export function Fill({ sentence, name }: FillProps) {
  return sentence.split('{name}').map((text, index) => (
    <Fragment key={index}>
      {index > 0 && <bdi>{name}</bdi>}
      {text}
    </Fragment>
  ));
}
