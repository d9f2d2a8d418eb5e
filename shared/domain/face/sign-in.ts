import * as v from 'valibot'

/**
 * 人脸登录 of an account: whether its clerk's face is wanted once the account has signed in. The central service keeps it and tells it with the sign-in, and cannot
 * see it done; no workstation asks for a face yet, so nothing that a user sees sets it.
 * `required`: the account opens nowhere but where its clerk's template is. `password-allowed`: the account alone opens too, as on a PC that holds no template of its clerk.
 */
export const faceSignIns = ['off', 'required', 'password-allowed'] as const
export const faceSignInSchema = v.picklist(faceSignIns)
export type FaceSignIn = v.InferOutput<typeof faceSignInSchema>
export const faceSignInLabels: Readonly<Record<FaceSignIn, string>> = { 'off': '不使用', 'required': '必须人脸', 'password-allowed': '人脸或仅账号' }
