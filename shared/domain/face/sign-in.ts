import * as v from 'valibot'

/**
 * 人脸登录 of an account: whether the workstation asks for its clerk's face once the account has signed in. The central service tells it and cannot see it done.
 * `required`: the account opens nowhere but where its clerk's template is. `password-allowed`: the account alone opens too, as on a PC that holds no template of its clerk.
 */
export const faceSignIns = ['off', 'required', 'password-allowed'] as const
export const faceSignInSchema = v.picklist(faceSignIns)
export type FaceSignIn = v.InferOutput<typeof faceSignInSchema>
export const faceSignInLabels: Readonly<Record<FaceSignIn, string>> = { 'off': '不使用', 'required': '必须人脸', 'password-allowed': '人脸或仅账号' }
