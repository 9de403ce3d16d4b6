/** Imports go one way (architecture: main -> app, jobs -> routes, service -> rules, lifecycle, entity -> schema -> shared). */

/** Domains in the order in which they may know of each other: each only those before it. */
const domains = [
  'atkomstlogg',
  'nodatkomster',
  'hushall',
  'utlamnanden',
  'hyresvardar',
  'barnchecklistor',
  'beslut',
  'forturer',
  'lagenheter',
  'stodlagenheter',
  'bostad-forst',
  'bostadsbehov',
  'flyttkedjor',
  'hyresgarantier',
  'regressfordringar',
  'garantikrav',
  'genomgangar',
  'arenden',
  'mitt',
  'handelser',
  'prenumerationer',
  'inkommande',
]
const anyDomain = `^src/(${domains.join('|')})/`

const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })

export default {
  forbidden: [
    forbid('no-circles', 'Nothing imports itself, however far around.', {}, { circular: true }),
    forbid('no-orphans', 'What nothing imports is not used.', { orphan: true, pathNot: '\\.d\\.ts$' }, {}),
    ...domains
      .slice(0, -1)
      .map((domain, index) =>
        forbid(
          `${domain}-knows-only-those-before`,
          'A domain may ask only the domains before it in the list.',
          { path: `^src/${domain}/` },
          { path: `^src/(${domains.slice(index + 1).join('|')})/` },
        ),
      ),
    forbid(
      'shared-knows-no-domain',
      'shared/ has words without a domain.',
      { path: '^src/shared/' },
      { path: '^src/(?!shared/|config\\.ts|start-error\\.ts)' },
    ),
    forbid('http-knows-no-domain', 'http/ is what every route shares.', { path: '^src/http/' }, { path: anyDomain }),
    forbid(
      'schema-is-the-ground',
      'A schema is built of shared parts only.',
      { path: `${anyDomain}schema\\.ts$` },
      { path: '^(src/(?!shared/(schema-parts|insatser|caller)\\.ts)|node_modules/(?!typebox))' },
    ),
    forbid(
      'rules-are-pure',
      'Rules and lifecycles see values and a day: no database, no request, no clock.',
      { path: `${anyDomain}(rules|lifecycle|periods|requirements)\\.ts$` },
      {
        path: '^(src/|node_modules/|node:)',
        pathNot:
          '^src/([a-z-]+/(rules|schema|periods|requirements)\\.ts|shared/(dates|money|lifecycle|refusals|lagrum|insatser|holidays|personnummer)\\.ts|config\\.ts)$',
      },
    ),
    forbid(
      'entity-only-keeps',
      'An entity knows its schema and how things are stored.',
      { path: `${anyDomain}entity\\.ts$` },
      { path: '^src/', pathNot: '^src/([a-z-]+/schema|shared/(storage|insatser))\\.ts$' },
    ),
    forbid(
      'only-routes-know-http',
      'A service is called by routes, jobs and commands alike: it never sees a request.',
      { path: anyDomain, pathNot: '(routes|view)\\.ts$' },
      { path: '^(src/http/|node_modules/fastify)' },
    ),
    forbid(
      'routes-are-the-end',
      'Only the app registers routes.',
      { path: '^src/', pathNot: '^src/app\\.ts$' },
      { path: `${anyDomain}.*routes\\.ts$` },
    ),
    forbid(
      'app-and-main-are-the-top',
      'Nothing below the top imports it.',
      { path: '^src/', pathNot: '^src/(main\\.ts|cli/)' },
      { path: '^src/(main|app|jobs)\\.ts$' },
    ),
    forbid(
      'declared-packages',
      'Every package that the service uses stands in package.json, and not only for development.',
      {},
      { dependencyTypes: ['npm-no-pkg', 'npm-dev', 'npm-unknown', 'unknown', 'undetermined'] },
    ),
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
}
