export { columns, fileNames } from './columns.ts';
export type { Column, ColumnType, FileName, Version } from './columns.ts';
export { sourcedUuid } from './ids.ts';
export { writePackage } from './write.ts';
export type { PackageContent, Row } from './write.ts';
