/** From this many people on whoever stores faces has to file it with the authority (人脸识别技术应用安全管理办法). */
export const faceFilingFrom = 100_000
/** From this many on the operator is warned: a filing takes its time, and so does having fewer. */
export const faceWarnFrom = 50_000
