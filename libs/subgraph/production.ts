/**
 * Imported first by what serves people: graphql-js compares every type and value with a second copy of itself, which could be there by
 * mistake, unless it is told when it is loaded that this is production. It counts: a save has many variables.
 */
process.env['NODE_ENV'] ??= 'production';
