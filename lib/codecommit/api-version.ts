/** The version of CodeCommit's API, as its events carry it. */
export const apiVersion = '2015-04-13'
