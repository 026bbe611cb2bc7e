export { fonts, freeSheets, openTypesetter, SheetUnprintable, type Sheet, type Typesetter } from './typesetter.ts';
export { openTypesetters, type Typesetters } from './typesetters.ts';
