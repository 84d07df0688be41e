const base = 'https://atalaprism.io/mercury/connections/1.0';

export const CONNECTION_REQUEST = `${base}/request`;
export const CONNECTION_RESPONSE = `${base}/response`;
