/** Says why a network cannot be trained here. */
export class NotTrainable extends Error {}
