/** Why an import job failed as a whole. The message is answered, so it has characters of the model's pattern only, and no value. */
export class JobFailure extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'JobFailure';
  }
}
