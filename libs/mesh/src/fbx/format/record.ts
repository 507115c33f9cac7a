/**
 * One value of an FBX record, with the type code of the binary format: C bool, I 32-bit and L 64-bit integer, D double,
 * S text, R raw bytes, i and d arrays of integers and doubles.
 */
export type FbxValue =
  | { type: 'C'; value: boolean }
  | { type: 'I' | 'L' | 'D'; value: number }
  | { type: 'S'; value: string }
  | { type: 'R'; value: Uint8Array }
  | { type: 'i'; value: Int32Array }
  | { type: 'd'; value: Float64Array };

/** A node of the FBX file: a name, values, and records inside. A record with `children` is written as a block. */
export interface FbxRecord {
  name: string;
  values: FbxValue[];
  children: FbxRecord[] | null;
}

export const bool = (value: boolean): FbxValue => ({ type: 'C', value });
export const int = (value: number): FbxValue => ({ type: 'I', value });
/** Object ids; exact up to 2⁵³. */
export const long = (value: number): FbxValue => ({ type: 'L', value });
export const double = (value: number): FbxValue => ({ type: 'D', value });
export const text = (value: string): FbxValue => ({ type: 'S', value });
export const raw = (value: Uint8Array): FbxValue => ({ type: 'R', value });
export const ints = (value: Int32Array): FbxValue => ({ type: 'i', value });
export const doubles = (value: Float64Array): FbxValue => ({ type: 'd', value });

/** A record that holds values only. */
export const leaf = (name: string, ...values: FbxValue[]): FbxRecord => ({ name, values, children: null });

/** A record that holds records, and perhaps values before them. */
export const block = (name: string, values: FbxValue[], children: FbxRecord[]): FbxRecord => ({
  name,
  values,
  children,
});

/** Name and class of an object in one value, as binary FBX joins them. */
export const objectName = (name: string, fbxClass: string): FbxValue =>
  text(`${name.replaceAll('\0', '')}\0\u0001${fbxClass}`);
