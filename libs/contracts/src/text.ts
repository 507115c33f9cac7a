/** Length as people count it: code points, not UTF-16 units. */
export const characterCount = (text: string): number => [...text].length;
