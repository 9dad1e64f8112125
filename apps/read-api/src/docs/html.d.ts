/** The bundler and the tests load pages as text. */
declare module '*.html' {
  const text: string;
  export default text;
}
