/** The two versions that are spoken; 4.0 spells its protocol otherwise. */
export type PickupVersion = '3.0' | '4.0';

/** didcomm.org/messagepickup/3.0 and /4.0, as discover-features names them. */
export const PICKUP = {
  '3.0': 'https://didcomm.org/messagepickup/3.0',
  '4.0': 'https://didcomm.org/message-pickup/4.0',
} as const;

export const pickupUri = <const V extends PickupVersion, const N extends string>(
  version: V,
  name: N,
) => `${PICKUP[version]}/${name}` as const;
