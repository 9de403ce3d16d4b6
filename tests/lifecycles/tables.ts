/** A line of a table: from a state, by a command, to one of some states, by whom. */
export type Line = { from: string; command: string; to: string[]; by: string[] }
export type Table = { initial: string[]; states: string[]; lines: Line[] }

/** Reads `from command -> to|to: who|who`, a line each. */
const table = (initial: string, states: string, text: string): Table => ({
  initial: initial.split('|'),
  states: states.trim().split(/\s+/),
  lines: text
    .trim()
    .split(/\n\s*/)
    .map(line => {
      const [, from, command, to, by] = /^(\w+) (\w+) -> ([\w|]+): ([\w|]+)$/.exec(line) as unknown as string[]
      return { from, command, to: to?.split('|'), by: by?.split('|') } as Line
    }),
})

/**
 * What the domain allows, by hand (domain §1.3, §2.3, §3.2, §4.2, §6.1, §12, and the order of cases): the code's own tables are
 * held against these, and so is everything that happens in the random run. `system` is the service on its own.
 */
export const tables = {
  arende: table(
    'inkommen',
    'inkommen utredning komplettering kommunicerad bifall delvisBifall avslag avskriven overklagad omprovad dom',
    `
    inkommen paborjaUtredning -> utredning: handlaggare
    inkommen avskriv -> avskriven: handlaggare|beslutsfattare
    utredning begarKomplettering -> komplettering: handlaggare
    utredning kommunicera -> kommunicerad: handlaggare
    utredning foredra -> utredning|kommunicerad: handlaggare
    utredning besluta -> bifall|delvisBifall|avslag: beslutsfattare
    utredning avskriv -> avskriven: handlaggare|beslutsfattare
    komplettering kompletteringInkommer -> utredning: handlaggare
    komplettering kompletteringstidenGarUt -> utredning: system
    komplettering avskriv -> avskriven: handlaggare|beslutsfattare
    kommunicerad yttraSig -> kommunicerad: handlaggare
    kommunicerad aterupptaUtredning -> utredning: handlaggare
    kommunicerad foredra -> utredning|kommunicerad: handlaggare
    kommunicerad besluta -> bifall|delvisBifall|avslag: beslutsfattare
    kommunicerad avskriv -> avskriven: handlaggare|beslutsfattare
    bifall omprova -> bifall|delvisBifall|avslag: beslutsfattare
    bifall overklaga -> overklagad: handlaggare
    delvisBifall omprova -> bifall|delvisBifall|avslag: beslutsfattare
    delvisBifall overklaga -> overklagad: handlaggare
    avslag omprova -> bifall|delvisBifall|avslag: beslutsfattare
    avslag overklaga -> overklagad: handlaggare
    overklagad omprovaOverklagat -> omprovad|overklagad: beslutsfattare
    overklagad avvisaOverklagande -> bifall|delvisBifall|avslag: beslutsfattare
    overklagad aterkallaOverklagande -> bifall|delvisBifall|avslag: handlaggare
    overklagad overlamna -> overklagad: handlaggare
    overklagad skrivInDom -> dom: handlaggare
    omprovad omprova -> bifall|delvisBifall|avslag: beslutsfattare
    omprovad overklaga -> overklagad: handlaggare
    dom omprova -> bifall|delvisBifall|avslag: beslutsfattare`,
  ),
  barnchecklista: table(
    'paborjad',
    'paborjad klar reviderad',
    `
    paborjad klarmarkera -> klar: handlaggare
    klar revidera -> reviderad: handlaggare`,
  ),
  fortur: table(
    'beviljad',
    'beviljad hosHyresvard erbjuden accepterad tillgodosedd tillgodoseddEgen forbrukad utgangen upphavd',
    `
    beviljad overlamna -> hosHyresvard: handlaggare
    beviljad egenKotidRacker -> tillgodoseddEgen: handlaggare
    beviljad upphav -> upphavd: beslutsfattare
    beviljad forlang -> beviljad|hosHyresvard|erbjuden|accepterad: beslutsfattare
    beviljad giltighetenGarUt -> utgangen: system
    hosHyresvard overlamna -> hosHyresvard: handlaggare
    hosHyresvard erbjud -> erbjuden: handlaggare|hyresvard
    hosHyresvard egenKotidRacker -> tillgodoseddEgen: handlaggare
    hosHyresvard upphav -> upphavd: beslutsfattare
    hosHyresvard forlang -> beviljad|hosHyresvard|erbjuden|accepterad: beslutsfattare
    hosHyresvard giltighetenGarUt -> utgangen: system
    erbjuden svara -> accepterad|hosHyresvard|forbrukad: handlaggare|hyresvard
    erbjuden svarUteblir -> hosHyresvard|forbrukad: system
    erbjuden egenKotidRacker -> tillgodoseddEgen: handlaggare
    erbjuden upphav -> upphavd: beslutsfattare
    erbjuden forlang -> beviljad|hosHyresvard|erbjuden|accepterad: beslutsfattare
    accepterad svara -> accepterad|hosHyresvard|forbrukad: handlaggare|hyresvard
    accepterad tecknaKontrakt -> tillgodosedd: handlaggare|hyresvard
    accepterad forlang -> beviljad|hosHyresvard|erbjuden|accepterad: beslutsfattare`,
  ),
  // An offer has no commands of its own: it follows its förtur.
  erbjudande: table(
    'oppet',
    'oppet accepterat avbojt uteblivet nekat aterkallat kontrakt',
    `
    oppet svara -> accepterat|avbojt|nekat: handlaggare|hyresvard
    oppet svarUteblir -> uteblivet: system
    oppet egenKotidRacker -> aterkallat: handlaggare
    oppet upphav -> aterkallat: beslutsfattare
    accepterat svara -> avbojt|nekat: handlaggare|hyresvard
    accepterat tecknaKontrakt -> kontrakt: handlaggare|hyresvard`,
  ),
  hyresgaranti: table(
    'beviljad',
    `beviljad aktiv avslutForeslaget uppsagd avslutadKriterier avslutadOverenskommelse upphordTid upphordHyresavtal
     upphordUppsagd forbrukad forfallen`,
    `
    beviljad tecknaAvtal -> aktiv: handlaggare
    beviljad forfalla -> forfallen: system
    aktiv foreslaAvslut -> avslutForeslaget: handlaggare
    aktiv avsluta -> avslutadKriterier|avslutadOverenskommelse: handlaggare
    aktiv sagUpp -> uppsagd: beslutsfattare
    aktiv hyresavtaletUpphor -> upphordHyresavtal: handlaggare
    aktiv tidenGarUt -> upphordTid: system
    aktiv forbruka -> forbrukad: system
    avslutForeslaget svaraPaForslag -> avslutForeslaget|aktiv: handlaggare|hyresvard
    avslutForeslaget avsluta -> avslutadKriterier|avslutadOverenskommelse: handlaggare
    avslutForeslaget hyresavtaletUpphor -> upphordHyresavtal: handlaggare
    avslutForeslaget tidenGarUt -> upphordTid: system
    avslutForeslaget forbruka -> forbrukad: system
    uppsagd hyresavtaletUpphor -> upphordHyresavtal: handlaggare
    uppsagd uppsagningstidenGarUt -> upphordUppsagd: system
    uppsagd forbruka -> forbrukad: system`,
  ),
  garantikrav: table(
    'inkommet',
    'inkommet granskas godkant utbetalt avvisat aterkallat',
    `
    inkommet granska -> granskas: handlaggare
    inkommet besluta -> godkant|avvisat: beslutsfattare
    inkommet aterkalla -> aterkallat: handlaggare
    granskas besluta -> godkant|avvisat: beslutsfattare
    granskas aterkalla -> aterkallat: handlaggare
    godkant betalaUt -> utbetalt: handlaggare
    godkant aterkalla -> aterkallat: handlaggare`,
  ),
  regressfordran: table(
    'oppnad',
    'oppnad avbetalning reglerad efterskankt tillKronofogden avskrivenPreskriberad',
    `
    oppnad taEmotBetalning -> avbetalning|tillKronofogden|reglerad: handlaggare
    oppnad efterskank -> efterskankt: beslutsfattare
    oppnad lamnaTillKronofogden -> tillKronofogden: handlaggare
    oppnad skrivAv -> avskrivenPreskriberad: beslutsfattare
    avbetalning taEmotBetalning -> avbetalning|tillKronofogden|reglerad: handlaggare
    avbetalning efterskank -> efterskankt: beslutsfattare
    avbetalning lamnaTillKronofogden -> tillKronofogden: handlaggare
    avbetalning skrivAv -> avskrivenPreskriberad: beslutsfattare
    tillKronofogden taEmotBetalning -> avbetalning|tillKronofogden|reglerad: handlaggare
    tillKronofogden efterskank -> efterskankt: beslutsfattare
    tillKronofogden skrivAv -> avskrivenPreskriberad: beslutsfattare`,
  ),
  // A round that opens late holds reviews that are closed from the start, of guarantees that have ended since its day.
  genomgang: table(
    'vantar|klar',
    'vantar besvarad klar forfallen',
    `
    vantar svara -> besvarad|forfallen: hyresvard
    vantar avgor -> klar: handlaggare
    vantar forfalla -> forfallen: system
    vantar utga -> klar: system
    besvarad svara -> besvarad|forfallen: hyresvard
    besvarad avgor -> klar: handlaggare
    besvarad forfalla -> forfallen: system
    besvarad utga -> klar: system
    forfallen svara -> besvarad|forfallen: hyresvard
    forfallen avgor -> klar: handlaggare
    forfallen utga -> klar: system`,
  ),
  // Only serviceförvaltningen and boendeenheten keep the pool; what is let follows from who gets the home.
  lagenhet: table(
    'planerad|ledig',
    'planerad ledig reserverad uthyrd uppsagd tomstalld renovering aterlamnad overlaten',
    `
    planerad klar -> ledig: serviceforvaltningen|boendeenhet
    planerad aterlamna -> aterlamnad: serviceforvaltningen|boendeenhet
    ledig aterlamna -> aterlamnad: serviceforvaltningen|boendeenhet
    ledig reservera -> reserverad: system
    ledig laggIn -> uthyrd: system
    reserverad slapp -> ledig: system
    reserverad hyrUt -> uthyrd: system
    uthyrd bytKontrakt -> uthyrd: system
    uthyrd hav -> ledig: system
    uthyrd sagUpp -> uppsagd: system
    uthyrd tom -> tomstalld|reserverad: system
    uthyrd overlat -> overlaten: system
    uppsagd aterta -> uthyrd: system
    uppsagd lova -> uppsagd: system
    uppsagd tom -> tomstalld|reserverad: system
    tomstalld klar -> ledig: serviceforvaltningen|boendeenhet
    tomstalld besiktiga -> renovering|ledig: serviceforvaltningen|boendeenhet
    tomstalld aterlamna -> aterlamnad: serviceforvaltningen|boendeenhet
    renovering klar -> ledig: serviceforvaltningen|boendeenhet
    renovering aterlamna -> aterlamnad: serviceforvaltningen|boendeenhet`,
  ),
  // What was imported may live in its home from the start.
  stodlagenhet: table(
    'iKo|boende',
    `iKo foreslagen tilldelad avtalTecknat boende bistandUpphor overtagande uppsagd avflyttad overlaten avslutad`,
    `
    iKo foreslaMatch -> foreslagen: boendeenhet
    iKo avsluta -> avslutad: handlaggare|boendeenhet
    iKo lovaIKedja -> tilldelad: system
    iKo andraBehov -> iKo|foreslagen|tilldelad: handlaggare|boendeenhet
    iKo bistandetUpphor -> iKo|bistandUpphor: beslutsfattare
    iKo forlang -> iKo|foreslagen|tilldelad|avtalTecknat|boende|overtagande|uppsagd: beslutsfattare
    foreslagen svara -> tilldelad|iKo: handlaggare|boendeenhet
    foreslagen aterkallaForslag -> iKo: boendeenhet
    foreslagen andraBehov -> iKo|foreslagen|tilldelad: handlaggare|boendeenhet
    foreslagen bistandetUpphor -> iKo|bistandUpphor: beslutsfattare
    foreslagen forlang -> iKo|foreslagen|tilldelad|avtalTecknat|boende|overtagande|uppsagd: beslutsfattare
    tilldelad aterkallaForslag -> iKo: boendeenhet
    tilldelad tecknaAvtal -> avtalTecknat: serviceforvaltningen|boendeenhet
    tilldelad andraBehov -> iKo|foreslagen|tilldelad: handlaggare|boendeenhet
    tilldelad bistandetUpphor -> iKo|bistandUpphor: beslutsfattare
    tilldelad forlang -> iKo|foreslagen|tilldelad|avtalTecknat|boende|overtagande|uppsagd: beslutsfattare
    avtalTecknat havAvtal -> iKo: serviceforvaltningen|boendeenhet
    avtalTecknat flyttaIn -> boende: handlaggare|boendeenhet
    avtalTecknat forlang -> iKo|foreslagen|tilldelad|avtalTecknat|boende|overtagande|uppsagd: beslutsfattare
    boende forlang -> iKo|foreslagen|tilldelad|avtalTecknat|boende|overtagande|uppsagd: beslutsfattare
    boende bistandetUpphor -> iKo|bistandUpphor: beslutsfattare
    boende bytBostadIKedja -> boende: system
    boende flyttaTillEget -> avslutad: system
    boende provaOvertagande -> overtagande: handlaggare|boendeenhet
    boende sagUpp -> uppsagd: serviceforvaltningen|boendeenhet
    bistandUpphor forlang -> iKo|foreslagen|tilldelad|avtalTecknat|boende|overtagande|uppsagd: beslutsfattare
    bistandUpphor sagUpp -> uppsagd: serviceforvaltningen|boendeenhet
    bistandUpphor flyttaUt -> avflyttad: serviceforvaltningen|boendeenhet
    overtagande forlang -> iKo|foreslagen|tilldelad|avtalTecknat|boende|overtagande|uppsagd: beslutsfattare
    overtagande svaraPaOvertagande -> overlaten|boende: serviceforvaltningen|boendeenhet
    uppsagd aterta -> boende|bistandUpphor: serviceforvaltningen|boendeenhet
    uppsagd forlang -> iKo|foreslagen|tilldelad|avtalTecknat|boende|overtagande|uppsagd: beslutsfattare
    uppsagd flyttaUt -> avflyttad: serviceforvaltningen|boendeenhet
    avflyttad avsluta -> avslutad: handlaggare|boendeenhet
    overlaten avsluta -> avslutad: handlaggare|boendeenhet`,
  ),
  avstaende: table(
    'upprattat|godkant|ejKrav',
    'upprattat inskickat godkant avslaget ejKrav',
    `
    upprattat skickaIn -> inskickat: handlaggare|boendeenhet
    upprattat kraverInte -> ejKrav: handlaggare|boendeenhet
    inskickat besluta -> godkant|avslaget: handlaggare|boendeenhet`,
  ),
  bf_boende: table(
    'antagen|inflyttad|forstahand',
    `antagen matchning erbjuden inflyttad overgangProvas forstahand byteAvBostad tillfalligtBorta uppsagd avslutad`,
    `
    antagen onskemal -> matchning|byteAvBostad: bostadForstTeam|handlaggare
    antagen avsluta -> avslutad: bostadForstTeam|handlaggare
    matchning onskemal -> matchning|byteAvBostad: bostadForstTeam|handlaggare
    matchning erbjud -> erbjuden: bostadForstTeam|handlaggare
    matchning avsluta -> avslutad: bostadForstTeam|handlaggare
    erbjuden tackaNej -> matchning|byteAvBostad: bostadForstTeam|handlaggare
    erbjuden flyttaIn -> inflyttad|forstahand: bostadForstTeam|handlaggare
    erbjuden uppsagning -> uppsagd|byteAvBostad|erbjuden: bostadForstTeam|handlaggare
    erbjuden avsluta -> avslutad: bostadForstTeam|handlaggare
    inflyttad provaOvergang -> overgangProvas: bostadForstTeam|handlaggare
    inflyttad bytBostad -> byteAvBostad: bostadForstTeam|handlaggare
    inflyttad borta -> tillfalligtBorta: bostadForstTeam|handlaggare
    inflyttad uppsagning -> uppsagd|byteAvBostad|erbjuden: bostadForstTeam|handlaggare
    inflyttad avsluta -> avslutad: bostadForstTeam|handlaggare
    overgangProvas svaraPaOvergang -> forstahand|inflyttad: bostadForstTeam|handlaggare
    overgangProvas uppsagning -> uppsagd|byteAvBostad|erbjuden: bostadForstTeam|handlaggare
    overgangProvas avsluta -> avslutad: bostadForstTeam|handlaggare
    forstahand bytBostad -> byteAvBostad: bostadForstTeam|handlaggare
    forstahand borta -> tillfalligtBorta: bostadForstTeam|handlaggare
    forstahand uppsagning -> uppsagd|byteAvBostad|erbjuden: bostadForstTeam|handlaggare
    forstahand avsluta -> avslutad: bostadForstTeam|handlaggare
    byteAvBostad onskemal -> matchning|byteAvBostad: bostadForstTeam|handlaggare
    byteAvBostad erbjud -> erbjuden: bostadForstTeam|handlaggare
    byteAvBostad boKvar -> inflyttad|forstahand|tillfalligtBorta|uppsagd: bostadForstTeam|handlaggare
    byteAvBostad uppsagning -> uppsagd|byteAvBostad|erbjuden: bostadForstTeam|handlaggare
    byteAvBostad avsluta -> avslutad: bostadForstTeam|handlaggare
    tillfalligtBorta hemma -> inflyttad|forstahand: bostadForstTeam|handlaggare
    tillfalligtBorta uppsagning -> uppsagd|byteAvBostad|erbjuden: bostadForstTeam|handlaggare
    tillfalligtBorta avsluta -> avslutad: bostadForstTeam|handlaggare
    uppsagd bytBostad -> byteAvBostad: bostadForstTeam|handlaggare
    uppsagd aterta -> inflyttad|forstahand|tillfalligtBorta: bostadForstTeam|handlaggare
    uppsagd avsluta -> avslutad: bostadForstTeam|handlaggare`,
  ),
  // Support that goes on at the import has begun already.
  bf_stod: table(
    'erbjudet|pagar',
    'erbjudet pagar vilande avslutat',
    `
    erbjudet starta -> pagar: bostadForstTeam|handlaggare
    erbjudet avslutaStod -> avslutat: bostadForstTeam|handlaggare
    pagar andraNiva -> pagar: bostadForstTeam|handlaggare
    pagar vila -> vilande: bostadForstTeam|handlaggare
    pagar avslutaStod -> avslutat: bostadForstTeam|handlaggare
    vilande ateruppta -> pagar: bostadForstTeam|handlaggare
    vilande avslutaStod -> avslutat: bostadForstTeam|handlaggare
    avslutat erbjudIgen -> erbjudet: bostadForstTeam|handlaggare`,
  ),
}
export type TableName = keyof typeof tables
