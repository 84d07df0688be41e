export type MediationVersion = '2.0' | '3.0';

/** didcomm.org/coordinate-mediation/2.0 and /3.0, as discover-features names them. */
export const COORDINATE_MEDIATION = {
  '2.0': 'https://didcomm.org/coordinate-mediation/2.0',
  '3.0': 'https://didcomm.org/coordinate-mediation/3.0',
} as const;

export const mediationUri = <const V extends MediationVersion, const N extends string>(
  version: V,
  name: N,
) => `${COORDINATE_MEDIATION[version]}/${name}` as const;
