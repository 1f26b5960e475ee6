/** The alias of the key that all repositories of a Region are encrypted under. */
export const codecommitKeyAlias = 'alias/aws/codecommit'
