/**
 * Every refusal this store speaks: HTTP status and sentence under the code that client programs read.
 * Source: Amazon S3 API Reference, "Error responses".
 */
const refusals = {
  AccessDenied: [403, 'Access Denied'],
  AuthorizationHeaderMalformed: [400, 'Only AWS Signature Version 4 is supported'],
  AuthorizationQueryParametersError: [400, 'The query parameters of the signature are not valid'],
  BadDigest: [400, 'The checksum you specified did not match what we received'],
  BucketAlreadyOwnedByYou: [409, 'Your previous request to create the named bucket succeeded and you already own it'],
  BucketNotEmpty: [409, 'The bucket you tried to delete is not empty'],
  EntityTooLarge: [400, 'Your proposed upload exceeds the maximum allowed size'],
  EntityTooSmall: [400, 'Your proposed upload is smaller than the minimum allowed size'],
  IncompleteBody: [400, 'You did not provide the number of bytes you promised'],
  InsufficientStorage: [507, 'The disk of the embedded store is full'],
  InternalError: [500, 'We encountered an internal error. Please try again'],
  InvalidAccessKeyId: [403, 'The access key you provided does not exist in our records'],
  InvalidArgument: [400, 'Invalid argument'],
  InvalidBucketName: [400, 'The specified bucket is not valid'],
  InvalidChunk: [400, 'The body is not valid aws-chunked data'],
  InvalidDigest: [400, 'The Content-MD5 you specified is not valid'],
  InvalidPart: [400, 'One or more of the specified parts could not be found'],
  InvalidPartOrder: [400, 'The list of parts was not in ascending order'],
  InvalidPolicyDocument: [400, 'The content of the form does not meet the conditions of the policy document'],
  InvalidRange: [416, 'The requested range is not satisfiable'],
  InvalidRequest: [400, 'Invalid request'],
  InvalidURI: [400, 'Could not parse the specified URI'],
  KeyTooLongError: [400, 'Your key is too long'],
  MalformedPOSTRequest: [400, 'The body of your POST request is not well-formed multipart/form-data'],
  MalformedXML: [400, 'The XML you provided was not well-formed or did not validate'],
  MaxMessageLengthExceeded: [400, 'Your request was too big'],
  MaxPostPreDataLengthExceeded: [400, 'Your POST request fields preceding the upload file were too large'],
  MetadataTooLarge: [400, 'Your metadata headers exceed the maximum allowed metadata size'],
  MethodNotAllowed: [405, 'The specified method is not allowed against this resource'],
  MissingContentLength: [411, 'You must provide the Content-Length HTTP header'],
  NoSuchBucket: [404, 'The specified bucket does not exist'],
  NoSuchKey: [404, 'The specified key does not exist'],
  NoSuchLifecycleConfiguration: [404, 'The lifecycle configuration does not exist'],
  NoSuchUpload: [404, 'The specified upload does not exist'],
  NotImplemented: [501, 'The embedded store does not offer this'],
  PreconditionFailed: [412, 'At least one of the pre-conditions you specified did not hold'],
  RequestTimeTooSkewed: [403, 'The difference between the request time and the current time is too large'],
  SignatureDoesNotMatch: [403, 'The request signature we calculated does not match the signature you provided'],
  XAmzContentSHA256Mismatch: [400, "The provided 'x-amz-content-sha256' header does not match what was computed"],
} as const satisfies Record<string, readonly [status: number, message: string]>;

/** A code from the table of refusals. */
export type S3Code = keyof typeof refusals;

/** A refusal a client may see. Anything else thrown is a bug and is answered as a bare InternalError. */
export class S3Error extends Error {
  readonly status: number;

  constructor(
    readonly code: S3Code,
    detail?: string,
    /** More elements of the error document and, for InvalidRange, headers of the reply. */
    readonly more: { fields?: Record<string, string>; headers?: Record<string, string> } = {},
  ) {
    super(detail ? `${refusals[code][1]}: ${detail}` : refusals[code][1]);
    this.status = refusals[code][0];
  }
}
