/** Of the file itself, in MB: thousands of people with a photo each. */
export const mostFileMegabytes = 200
/** Of everything that is unpacked to be read, and of one sheet of it, in bytes. 10,000 rows of 40 columns take some 30 MB. */
export const mostUnpacked = 400 << 20
export const mostSheet = 250 << 20
/** Rows with an element of their own in a sheet: far more than may be imported, as empty ones count too. */
export const mostRowElements = 100_000
/** People in one file. */
export const mostRows = 20_000
/**
 * Rows of an import that are written in one transaction. A larger group holds the file for longer; a smaller one waits for the disk
 * more often, and writes the pages of the indexes once more each time.
 */
export const groupRows = 1_000
