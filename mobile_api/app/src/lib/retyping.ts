/** How the app's types are derived from the API's: a field that the API renames or drops is a fault of the compiler. */

/** N where it says more than T, or less; never where it says something else. */
type Related<T, N> = [N] extends [T] ? N : [T] extends [N] ? N : never;

/** T with some fields typed otherwise than its schema does: more closely, or as an earlier version kept them. */
export type Retyped<T, N extends { [K in keyof N]: K extends keyof T ? Related<T[K], N[K]> : never }> = Omit<
  T,
  keyof N
> &
  N;

/** T as an earlier version of the app may have kept it: without the fields K, which came later. */
export type Since<T, K extends keyof T> = Omit<T, K> & Partial<Pick<T, K>>;
