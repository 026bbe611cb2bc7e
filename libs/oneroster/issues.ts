/** Something in a package that a person should know of: where it is, what it is, and what to do about it. */
export interface Issue {
  /** The file as the package names it, e.g. users.csv; the package itself when no file is meant. */
  file: string;
  /** The line in that file, the header being line 1. */
  line: number | null;
  column: string | null;
  /** The kind of issue, e.g. row.invalid_date; one of `codes`. */
  code: string;
  message: string;
  /** What the person should do. */
  action: string;
  /** refused: not used. repaired: used, after the change the message names. warning: used as it is. */
  severity: 'refused' | 'repaired' | 'warning';
}

export interface Place {
  file: string;
  line?: number | null;
  column?: string | null;
}

/** Every kind of issue, with what a person can do about it. */
const actions = {
  'package.not_found': 'Check the path: it must lead to a zip file or a folder.',
  'package.unreadable': 'Check that this file may be read and that its disk is in order, then try again.',
  'package.not_a_zip': 'Zip the CSV files again, or give the folder that holds them.',
  'package.corrupt': 'The zip is damaged: export and zip the files again, and compare sizes after the transfer.',
  'package.encrypted': 'Zip the files again without a password; protect the transfer instead.',
  'package.unsupported_compression': 'Zip the files again with the usual compression (deflate).',
  'package.unsafe_path': 'Do not use this package: its file names lead outside it. Ask whoever sent it.',
  'package.symlink': 'Replace the link by the file it points to.',
  'package.not_a_file': 'Remove it: a package holds plain files only.',
  'package.duplicate_entry': 'Keep one file of this name and remove the other.',
  'package.too_many_entries': 'Zip only manifest.csv and the data files.',
  'package.too_large': 'Check the export; if the district really is this large, raise the size limit or send deltas.',
  'package.suspicious_ratio': 'Do not use this package: no roster shrinks this much. Ask whoever sent it.',
  'package.file_not_at_root': 'Zip the files themselves, not the folder that holds them.',
  'package.unknown_file': 'Remove the file, or check its name: it is not one that this OneRoster version has.',
  'package.file_name_case': 'Rename the file: upper and lower case matter.',
  'package.missing_manifest': 'Add manifest.csv: without it nobody can tell the version, or which files replace and which update.',
  'package.missing_file': 'Add the file, or have the manifest call it absent.',
  'package.unexpected_file': 'Have the manifest say bulk or delta for this file, or remove the file.',
  'package.empty_file': 'Leave a file without records out of the package and have the manifest call it absent.',
  'manifest.invalid_header': 'The first line of manifest.csv must be propertyName,value.',
  'manifest.unknown_property': 'Remove the line from manifest.csv.',
  'manifest.missing_property': 'Add the line to manifest.csv.',
  'manifest.duplicate_property': 'Keep one of the lines in manifest.csv.',
  'manifest.invalid_value': 'Correct the value in manifest.csv.',
  'manifest.unsupported_version': 'Export as OneRoster 1.1 or 1.2.',
  'csv.not_utf8': 'Save the file as UTF-8 (in Excel: "CSV UTF-8").',
  'csv.invalid_utf8': 'Save the file as UTF-8 (in Excel: "CSV UTF-8"); as it is, letters such as é would be lost.',
  'csv.nul_byte': 'Export the file again: a NUL byte means that it was damaged on its way.',
  'csv.unescaped_quote': 'Enclose the value in quotes and write each quote inside it twice.',
  'csv.text_after_quote': 'Write each quote inside a quoted value twice; after the closing quote only a comma may follow.',
  'csv.unclosed_quote': 'Close the quote that this record opens.',
  'csv.record_too_long': 'Check the line ends and the quotes of the file: one record should be one line.',
  'csv.line_break': 'Replace the line break inside the value by a space.',
  'csv.blank_line': 'Remove the blank line.',
  'csv.column_count': 'Give the line one cell for each column of the header; enclose values that hold commas in quotes.',
  'schema.header_order_mismatch': 'Put the columns in the order of the standard.',
  'schema.missing_column': 'Add the column, empty where there is no value.',
  'schema.duplicate_column': 'Keep one column of this name.',
  'schema.column_case': 'Rename the column: upper and lower case matter.',
  'schema.metadata_column_position': 'Move the metadata columns behind all others.',
  'schema.invalid_metadata_header': 'Name columns of your own metadata.something, or remove them.',
  'row.missing_required_value': 'Fill in the value.',
  'row.invalid_guid': 'Use an id of 1 to 255 letters, digits and . / @ _ - and use the same one wherever the record is meant.',
  'row.invalid_date': 'Write the date YYYY-MM-DD.',
  'row.invalid_datetime': 'Write the time in UTC, YYYY-MM-DDTHH:MM:SS.sssZ.',
  'row.invalid_year': 'Write the year in which the school year ends, e.g. 2027 for 2026-2027.',
  'row.invalid_boolean': 'Write true or false.',
  'row.invalid_integer': 'Write a whole number.',
  'row.invalid_float': 'Write a plain decimal number.',
  'row.invalid_enum': 'Use one of the words the standard lists, or an ext: word of your own.',
  'row.invalid_list': 'Separate the items by single commas, without empty items.',
  'row.field_forbidden_in_bulk': 'Leave status and dateLastModified empty in a bulk file.',
  'row.field_required_in_delta': 'Fill status and dateLastModified in a delta file.',
  'row.deleted_in_bulk': 'Leave deleted records out of a bulk file: being left out is what deletes them.',
  'reference.duplicate_sourced_id': 'Give each record an id of its own, or remove the repeated line.',
  'reference.missing_target_file': 'Add the file that holds the records this column points to.',
  'reference.missing_target_record': 'Add the record this id points to, or correct the id.',
  'semantic.invalid_score_range': 'Correct resultValueMin and resultValueMax: the minimum is above the maximum.',
  'semantic.score_above_maximum': 'Check the score; if it is extra credit, nothing needs to be done.',
  'semantic.score_below_minimum': 'Correct the score or the minimum of its line item.',
  'semantic.invalid_score_scale_mapping': 'Write each step of the scale as {name:value}, separated by commas.',
  'semantic.invalid_case_learning_objective_id': 'Write the CASE identifier as urn:uuid: and the UUID, or set source to unknown.',
  'semantic.invalid_user_id': 'Write each user id as {type:identifier}, separated by commas.',
  'semantic.subject_code_mismatch': 'Give one code for each subject, in the same order.',
  'semantic.dates_reversed': 'Correct the dates: the end must come after the beginning.',
  'semantic.parent_loop': 'Correct the parents: a record may not be its own ancestor.',
} as const;

export type Code = keyof typeof actions;

/** Every kind of issue this library reports. */
export const codes = Object.keys(actions) as Code[];

/** Makes an issue of a known kind; the action comes with the kind. */
export function issue(code: Code, severity: Issue['severity'], place: Place, message: string): Issue {
  return { file: place.file, line: place.line ?? null, column: place.column ?? null, code, message, action: actions[code], severity };
}

export const isRefused = ({ severity }: Issue): boolean => severity === 'refused';

/** A package, or one of its files, that cannot be read at all. `issues` says why. */
export class PackageError extends Error {
  readonly issues: Issue[];

  constructor(issues: Issue[]) {
    const first = issues.find(isRefused) ?? issues[0]!;
    const place = [first.file, first.line && `line ${first.line}`, first.column].filter(Boolean).join(', ');
    super(`${place}: ${first.message}${issues.length > 1 ? ` (and ${issues.length - 1} more)` : ''}`);
    this.name = 'PackageError';
    this.issues = issues;
  }
}

/** Keeps the first issues of each kind and counts the rest, so that a million bad rows do not fill the memory. */
export class IssueLog {
  readonly issues: Issue[] = [];
  readonly totals: Record<string, number> = {};
  readonly refusedCodes = new Set<string>();
  readonly keptPerCode: number;

  constructor(keptPerCode = 1000) {
    this.keptPerCode = keptPerCode;
  }

  add(...found: Issue[]): void {
    for (const one of found) {
      const total = (this.totals[one.code] = (this.totals[one.code] ?? 0) + 1);
      if (total <= this.keptPerCode) this.issues.push(one);
      if (isRefused(one)) this.refusedCodes.add(one.code);
    }
  }
}
