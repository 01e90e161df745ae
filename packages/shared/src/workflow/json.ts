/** A value that JSON can carry: what jobs take as input and give as output. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
