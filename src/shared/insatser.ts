/** The kinds of help that a case can be about (plan areas 2, 3, 8, 12 and 13). */
export const insatser = ['fortur', 'hyresgaranti', 'stodlagenhet', 'bostadForst', 'tillfalligtBoende'] as const
export type Insats = (typeof insatser)[number]

/** Lund's grounds for förtur (domain §2.1). They never leave the department. */
export const forturgrunder = [
  'barnFarIlla',
  'medicinskt',
  'hotEllerVald',
  'valdsutovare',
  'ungUnder28',
  'ovrigtStarkt',
] as const
