/** Under which name it is kept that the welcome page of Encryption keys was seen. */
export const welcomePreference = 'encryption-keys-welcome'
