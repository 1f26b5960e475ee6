import next from 'eslint-config-next/core-web-vitals'
import tseslint from 'typescript-eslint'

const project = ['lib/**/*.ts', 'app/**/*.{ts,tsx}', 'components/**/*.{ts,tsx}', 'e2e/**/*.ts', 'bench/**/*.ts', 'prisma/*.ts', 'server.ts']

export default tseslint.config(
  { ignores: ['node_modules/', '**/*.d.mts', '.next/', 'dist/', 'data/', 'prisma/*/generated/', 'test-results/', 'playwright-report/', 'next-env.d.ts'] },
  ...next,
  { files: project, extends: [tseslint.configs.strictTypeChecked], languageOptions: { parserOptions: { projectService: true } } },
  {
    files: project,
    rules: {
      eqeqeq: 'error',
      'import/no-anonymous-default-export': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `return refuse(response, …)` is an early return, not a value.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      // Handlers and resolvers share one asynchronous signature; many have nothing to wait for.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['lib/**/*.ts', 'components/**/*.{ts,tsx}', 'e2e/**/*.ts', 'bench/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', { selector: 'ExportDefaultDeclaration', message: 'Name what you export; only Next’s files and tool configuration export a default.' }],
    },
  },
  // lib/ has no React: its `use…` puts something in place.
  { files: ['lib/**/*.ts'], rules: { 'react-hooks/rules-of-hooks': 'off' } },
  // Nothing here is a React component; `useConfig` is no hook.
  { files: ['server.ts', 'lib/**/*.ts', 'e2e/**/*.ts', 'bench/**/*.ts'], rules: { 'react-hooks/rules-of-hooks': 'off' } },
  { files: ['lib/**/*.ts'], rules: { 'no-restricted-globals': ['error', { name: 'process', message: 'Configuration is parsed once, in lib/config.ts.' }] } },
  { files: ['lib/config.ts', 'lib/git/**', 'lib/server/**', 'lib/**/*.test.ts', 'lib/testing/**'], rules: { 'no-restricted-globals': 'off' } },
  { files: ['**/*.test.ts', 'e2e/**'], rules: { '@typescript-eslint/no-non-null-assertion': 'error' } },
)
