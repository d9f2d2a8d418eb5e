export { makeDemoTemplate as default } from './demo-template.ts'
