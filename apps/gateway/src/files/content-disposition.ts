export { attachment } from '#runtime';
