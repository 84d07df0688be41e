export const PROBLEM_REPORT = 'https://didcomm.org/report-problem/2.0/problem-report';

/** Some protocols have a report of their own, such as message-pickup 4.0. */
export const isReport = ({ type }: { readonly type: string }): boolean =>
  type.endsWith('/problem-report');
