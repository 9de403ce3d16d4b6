import { tillstand as boendetillstand, provningsutfall, stodtillstand } from '../../src/bostad-forst/schema.ts'
import { tillstand as lagenhetstillstand, slag } from '../../src/lagenheter/schema.ts'
import {
  avstaendetillstand,
  bedomningar,
  forslagssvar,
  handelseslag,
  tillstand as stodlagenhetstillstand,
} from '../../src/stodlagenheter/schema.ts'

/** The tables about homes that are counted, each with what it is counted by. */
export const homeStates = {
  lagenhet: lagenhetstillstand,
  upplatelse: slag,
  stodlagenhet: stodlagenhetstillstand,
  bostadsforslag: [...forslagssvar, 'oppet'],
  avstaende: avstaendetillstand,
  uppfoljning: bedomningar,
  boendehandelse: handelseslag,
  bf_boende: boendetillstand,
  bf_stod: stodtillstand,
  overgangsprovning: provningsutfall,
}
