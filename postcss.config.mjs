/** Tailwind is the only step between app/globals.css and the browser. */
const configuration = { plugins: { '@tailwindcss/postcss': {} } }

export default configuration
