// AssemblyScript: what gzip files hold (RFC 1951), inflated within a memory that others read from afterwards. It only takes
// what is as encoders write it and says of all else that it is odd: zlib then reads the file.
export { begin, inflate, sourceAt, targetAt } from './inflate';
