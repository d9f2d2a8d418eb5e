import { fatal, retriable, type ErrorEntry } from './error-entry.ts'
import { faceCaptureErrors } from './face-capture-codes.ts'
import { faceErrors } from './face-codes.ts'
import { posterErrors, projectErrors } from './project-codes.ts'
import { selfRegistrationErrors } from './self-registration-codes.ts'

/** Any call over any border. */
const callErrors = {
  'call-unknown': fatal('程序内部版本不一致，请重新启动工作站。'),
  'call-invalid': fatal('提交的内容格式不正确，请检查后重试。'),
  'call-timeout': retriable('操作超时，请重试。'),
  'call-closed': retriable('与工作站后台的连接已断开，请重新启动工作站。已保存的草稿不会丢失。'),
  'internal': fatal('程序出现意外错误，已保存的草稿不会丢失。请重试；若仍不成功，请联系管理员。'),
} as const

/** CA lock. The faults behind them stand in docs/how-to-add-token-driver.md. */
const caKeyErrors = {
  'key-driver-missing': retriable('未找到CA锁驱动，请安装后重试。'),
  'key-driver-not-pkcs11': fatal('所选文件不是CA锁驱动，请重新选择。原设置未改动。'),
  'key-driver-wrong-bits': fatal('该CA锁驱动为{bits}位，与本程序不符，请安装{wanted}位驱动。'),
  'key-not-present': retriable('请插入CA锁。'),
  'key-removed': retriable('CA锁已拔出，请插回后再试。已保存的草稿不会丢失。'),
  'key-removed-while-signing': retriable('签名未完成，请插回CA锁后重试。'),
  'key-different': fatal('插入的不是原CA锁（公司：{company}），请更换。'),
  'key-unreadable': retriable('读不到CA锁，请重新插拔。'),
  'key-pin-wrong': fatal('口令错误，请核对后再试。'),
  'key-pin-final-try': fatal('口令只剩最后1次机会，输错将锁死CA锁。'),
  'key-pin-locked': fatal('CA锁已锁定，请联系发证机构解锁；可先用账号密码登录。'),
  'key-pin-length': fatal('口令长度不符，应为{min}至{max}位。'),
  'key-pin-expired': fatal('CA锁口令已过期，请用CA锁工具修改口令后再登录。'),
  'key-hung': retriable('CA锁无响应，已重启读锁组件，请重试。'),
  'key-mechanism-missing': fatal('该CA锁不支持所需算法，请联系管理员。'),
  'key-no-certificate': fatal('锁内无有效证书，请联系发证机构；可先用账号密码登录。'),
  'key-certificate-expired': fatal('证书已于{notAfter}到期，请到CA机构续期；可先用账号密码登录。'),
  'key-certificate-not-yet-valid': fatal('证书自{notBefore}起生效，请核对电脑日期。'),
  'key-busy': retriable('CA锁正忙，请稍候再试。'),
  'key-failed': retriable('CA锁操作失败（{ckr}），请重新插拔后再试。'),
  'dialog-unavailable': fatal('此窗口不能选择本机文件，请在启动参数中指定。'),
} as const

/** Reader of ID cards (身份证阅读器). */
const idCardReaderErrors = {
  'id-card-reader-missing': retriable('未找到身份证阅读器，请连接后重试；也可以直接输入身份证号码。'),
  'id-card-reader-failed': retriable('身份证阅读器没有响应，请重新插拔后再试；也可以直接输入身份证号码。'),
  'id-card-none': retriable('阅读器上没有身份证，请放好证件后再读。'),
  'id-card-unreadable': retriable('身份证没有读出，请将证件平放在阅读器上再试。'),
  'id-card-expired': fatal('该身份证已于{validUntil}过期，请出示有效证件，或按有效证件输入。'),
} as const

/** Signing in, at the central service and at the workstation. */
const sessionErrors = {
  'sign-in-failed': fatal('用户名或密码错误，请核对后再试。'),
  'own-password-wrong': fatal('密码错误，请核对后再试。在其他电脑上改过或由管理员重设过的，请用新密码。'),
  'sign-in-too-often': retriable('密码输错次数过多，请在{seconds}秒后再试。'),
  'password-wrong': fatal('原密码不正确，请核对后再试。'),
  'password-too-short': fatal('新密码太短，应为{min}至{max}个字。'),
  'password-too-long': fatal('新密码太长，应为{min}至{max}个字。'),
  'password-blank-ends': fatal('新密码的开头和结尾不能是空格，也不能全是空格，请去掉空格后再试。'),
  'password-has-username': fatal('新密码不能与用户名相同，也不能互相包含，请另设一个。'),
  'password-repeats': fatal('新密码不能只是同样的几个字反复，请混用不同的字母、数字或汉字。'),
  'password-runs': fatal('新密码不能是连着的数字、字母或键盘上相邻的键，请打乱后再设。'),
  'password-common': fatal('新密码太常见，别人容易猜到，请另设一个只有您自己知道的。'),
  'password-unchanged': fatal('新密码与原密码相同，请另设一个。'),
  'password-needs-network': retriable('修改密码需要连接服务器，现在连不上，密码没有改动。请联网后再试。'),
  'password-unconfirmed': retriable('没有收到服务器的答复，密码可能已经修改。请稍后再试；如果提示原密码不正确，说明新密码已经生效。'),
  'account-disabled': fatal('该账号已停用，请联系本单位管理员。'),
  'account-choice-invalid': fatal('该证书未绑定所选账号，请重新选择。'),
  'ticket-expired': retriable('选择账号超时，请重新登录。'),
  'challenge-unknown': retriable('验证请求已失效，请重试。'),
  'challenge-expired': retriable('验证请求已超时，请重试。'),
  'challenge-wrong-device': fatal('验证请求来自另一台电脑，请重试。'),
  'ca-format-unsupported': fatal('签名数据的格式不受支持，请升级工作站。'),
  'ca-algorithm-unsupported': fatal('证书所用的签名算法不受支持，请联系管理员。'),
  'ca-algorithm-mismatch': fatal('签名算法与证书不符，请重试。'),
  'ca-certificate-malformed': fatal('证书内容无法识别，请联系发证机构。'),
  'ca-certificate-expired': fatal('证书已过期，请到CA机构续期；登录可先用账号密码。'),
  'ca-certificate-not-yet-valid': fatal('证书尚未生效，请核对电脑日期或联系发证机构。'),
  'ca-chain-untrusted': fatal('证书不是受信任的CA机构颁发的，不能使用。'),
  'ca-key-usage-wrong': fatal('该证书不是签名证书，请选择签名证书。'),
  'ca-certificate-revoked': fatal('证书已被吊销，不能使用。请联系发证机构。'),
  'ca-revocation-unknown': retriable('暂时无法核实证书状态，请稍后再试；登录可先用账号密码。'),
  'ca-signature-invalid': fatal('签名验证未通过，请重试。'),
  'ca-company-code-conflict': fatal('证书内有两个不同的单位代码，不能使用。请联系发证机构。'),
  'ca-not-bound': fatal('该证书没有绑定可用的单位账号，请换用本单位的CA锁，或联系管理员办理绑定。'),
  'ca-needs-password': fatal('本系统要求CA锁与密码同时使用，请再输入密码。'),
  'submission-not-signed': fatal('本系统要求每次提交都用本单位的CA锁签名，请插入CA锁并重新验证。'),
  'submission-needs-key': fatal('本系统要求每次提交都用CA锁签名。请插入本单位CA锁，点击“重新验证”并输入口令，待上传的内容随后自动上传。'),
  'password-needs-ca': fatal('本系统要求CA锁与密码同时使用，请插入CA锁登录。'),
  'session-missing': fatal('登录已失效，请重新登录。已保存的草稿不会丢失。'),
  'session-password-changed': fatal('密码已在其他电脑上修改或被管理员重设，请用新密码重新验证。已保存的草稿不会丢失。'),
  'session-expired': fatal('登录已超时，请重新登录。已保存的草稿不会丢失。'),
  'session-suspended': fatal('CA锁已拔出，登录已暂停，请插回CA锁。'),
  'not-signed-in': fatal('请先登录。'),
  'locked': fatal('工作站已锁定，请先解锁。已保存的草稿不会丢失。'),
  'offline-unlock-unknown': fatal('当前无法连接服务器。此账号没有用这种方式在本机联网登录过，离线时不能这样登录。请换用在本机登录过的方式（CA锁或密码），或连接网络后登录。'),
  'offline-unlock-expired': fatal('离线使用已满{days}天，请连接网络后重新登录。已保存的草稿不会丢失。'),
  'offline-clock-back': fatal('电脑时间早于上次联网时间，请校准时间后再试。'),
  'offline-password-wrong': fatal('密码错误，请核对后再试。'),
  'different-account': fatal('这是本单位另一账号的CA锁或密码。请用当前账号的CA锁或密码；要换人使用，请先退出登录。'),
  'different-unit': fatal('登录的单位与当前单位不同，请先退出再登录。'),
} as const

/** Central service and the way to it. */
const centralErrors = {
  'central-unreachable': retriable('暂时连不上服务器。可以继续工作，内容保存在本机，联网后自动上传。'),
  'central-not-trusted': fatal('服务器身份核验未通过，已停止连接。请联系管理员。'),
  'central-reply-invalid': retriable('网络返回的内容不是本系统的数据（可能需要先登录上网认证），稍后自动重试。'),
  'central-needed': retriable('此操作需要连接服务器，现在连不上。请联网后再试。'),
  'central-busy': retriable('服务器正忙，稍后自动重试。'),
  'central-wrong': fatal('服务器不是原来的服务器，已停止同步。本机数据未改动，请联系管理员。'),
  'sync-many-removals': fatal('服务器上已没有本机的{count}人，数量异常，已暂停同步，本机数据未改动。请与管理员核实后再继续。'),
  'request-malformed': fatal('请求内容格式不正确。'),
  'request-too-large': fatal('提交的内容太大。'),
  'content-type-unsupported': fatal('请求的内容类型不受支持。'),
  'not-found': fatal('没有找到该记录，可能已被删除。'),
  'method-not-allowed': fatal('不支持该操作。'),
  'forbidden': fatal('没有权限进行该操作。'),
  'idempotency-key-missing': fatal('写入请求缺少 Idempotency-Key。'),
  'idempotency-key-reused': fatal('该 Idempotency-Key 已用于另一内容的请求。'),
  'idempotency-in-flight': retriable('同一请求正在处理，请稍后再试。'),
  'if-match-missing': fatal('修改请求缺少 If-Match。'),
  'version-conflict': retriable('该记录已被他人修改，需要合并后再提交。'),
  'cursor-expired': retriable('同步位置已失效，需要重新取回全部数据。'),
  'too-many-requests': retriable('请求太频繁，请稍后再试。'),
} as const

/** Registrations. ID numbers never stand in details: a page that shows one has it from its own form. */
const registrationErrors = {
  'id-card-no-length': fatal('身份证号码应为18位，现为{length}位，请核对。'),
  'id-card-no-characters': fatal('身份证号码只能是数字，最后一位可以是X，请核对。'),
  'id-card-no-old-form': fatal('这是15位的旧身份证号码，已停用。请按现行证件填写18位号码。'),
  'id-card-no-date': fatal('身份证号码第7至14位的出生日期不存在或不合理，请核对。'),
  'id-card-no-checksum': fatal('身份证号码的校验位不对，有一位或几位输错了，请对照证件核对。'),
  'registration-invalid': fatal('有{count}项内容需要修改，请按提示改正后再提交。'),
  'registration-here': fatal('该人员已在本单位登记。'),
  'registration-elsewhere': fatal('该人员已登记在其他单位，请先由其原单位办理离职迁出，再在本单位登记。'),
  'registration-left': fatal('该人员已离职迁出，不能修改。'),
  'registration-leaving': fatal('该人员的离职迁出正在等待上传，不能修改。'),
  'transfer-out-invalid': fatal('离职迁出有{count}处需要修改，请按提示改正后再确认。'),
  'transfer-out-not-uploaded': fatal('该人员还没有登记到服务器，不能办理离职迁出；不再需要的登记可以删除。'),
  'transfer-out-sent': fatal('离职迁出已经发往服务器，不能取消。'),
  'transfer-not-needed': fatal('该人员目前没有登记在其他单位，不需要申请迁入，可以直接新增登记。'),
  'transfer-already-asked': fatal('本单位已经申请该人员迁入，正在等待其原单位处理。'),
  'transfer-too-soon': fatal('该人员的迁入申请刚被拒绝，或近期申请次数较多，请在{days}天后再申请。'),
  'transfer-too-many': fatal('本单位24小时内提交的迁入申请太多，请明天再申请。'),
  'transfer-request-closed': fatal('该申请已经处理过、已撤回或已过期，没有再作处理。'),
  'transfer-in-nothing': fatal('没有可以带入的资料，或姓名与原登记不一致。请核对姓名；也可以不带入资料，直接填写。'),
  'transfer-needs-network': retriable('这项操作需要连接服务器，现在连不上，没有办理。请联网后再试。'),
  'registration-forgotten': fatal('服务器上已没有该人员的记录（服务器可能恢复过备份），请核对后重新提交。'),
  'reason-missing': fatal('请选择或填写原因后再试。'),
  'reason-too-long': fatal('原因太长，最多{max}个字，请缩短后再试。'),
  'reason-has-number': fatal('原因中请不要写身份证号码、电话号码等个人信息，请改写后再试。'),
  'review-changed': fatal('该登记在您查看之后被修改过，请看过现在的内容再审核。'),
  'review-done': fatal('该登记已不在待审核状态，可能已由他人审核。'),
  'review-needs-network': retriable('审核需要连接服务器，现在连不上。请联网后再试。'),
  'draft-stale': retriable('该人员的资料刚在别处修改过，请核对页面内容后再试。'),
  'conflict-pending': fatal('该人员的资料与他人的修改有冲突，请先处理冲突。'),
  'credit-code-invalid': fatal('统一社会信用代码不正确，请核对。'),
} as const

/** 企业基本信息: what a unit changes of itself, and of its accounts. */
const unitErrors = {
  'organization-invalid': fatal('企业信息有{count}处需要修改，请按提示改正后再保存。'),
  'unit-changed': fatal('企业信息刚被其他管理员修改过，您填写的内容没有保存。请与现在的内容核对后再保存。'),
  'account-changed': fatal('该账号刚被其他管理员修改过，没有再作改动。请看过现在的内容后再试。'),
  'account-invalid': fatal('账号有{count}处需要修改，请按提示改正后再试。'),
  'username-taken': fatal('该用户名已被使用，请另取一个。'),
  'account-too-many': fatal('本单位的账号已有{max}个，不能再加。请联系系统管理员。'),
  'account-own': fatal('不能停用自己、取消自己的单位管理员角色、重置自己的密码或解除自己的证书绑定。请由另一位单位管理员办理；修改自己的密码请点右上角的姓名。'),
  'account-last-admin': fatal('这是本单位最后一位在用的单位管理员，不能停用或改为经办人。请先另设一位单位管理员。'),
} as const

/** 附件 and 人员相片. Names of files stand in no details: people are called in them. */
const attachmentErrors = {
  'attachment-empty': fatal('该文件是空的，没有内容可以上传。请重新选择文件。'),
  'attachment-too-large': fatal('文件太大，这种文件最大{max}MB。请压缩或拆分后再上传。'),
  'attachment-kind-refused': fatal('文件内容不是JPG、PNG、WebP图片或PDF，不能上传。只改文件名没有用，请另存为这些格式后再上传。'),
  'attachment-photo-wanted': fatal('身份证照片和正面照应为图片，请选择JPG、PNG或WebP图片。'),
  'attachment-name-wrong': fatal('文件名的后缀与文件内容不符，请改正文件名后再上传。'),
  'attachment-hash-wrong': retriable('收到的内容与原文件不一致，已丢弃，请重新上传该文件。'),
  'attachment-size-wrong': fatal('发来的内容比说好的长，已丢弃，请重新上传该文件。'),
  'attachment-content-unknown': retriable('服务器上还没有该文件的内容，需要上传。'),
  'attachment-offset-wrong': retriable('上传位置与服务器已收到的不一致，将从服务器已收到的位置继续。'),
  'attachment-too-many': fatal('附件已有{max}个，不能再加。请先删除不需要的附件。'),
  'attachment-quota': fatal('本单位的附件空间已用完。请删除不需要的附件，或联系管理员。'),
  'attachment-disk-full': retriable('服务器磁盘空间不足，文件还没有上传，稍后自动继续。'),
  'attachment-damaged': fatal('服务器上的该附件已损坏，无法下载。请重新上传该文件。'),
  'proof-date-missing': fatal('请填写社保缴费证明的开具日期。'),
  'proof-date-future': fatal('社保缴费证明的开具日期晚于今天，请核对。'),
  'proof-too-old': fatal('该社保缴费证明已过{days}天有效期，请换成新开具的证明。'),
} as const

/** 导入名册, 导出. Whatever is said of a file, nothing of it has been taken over. */
const rosterErrors = {
  'roster-empty': fatal('文件是空的（0字节），没有可导入的内容，请重新选择。'),
  'roster-not-workbook': fatal('所选文件不是Excel工作簿，请选择.xlsx或.xls文件。'),
  'roster-is-text': fatal('文件虽以Excel命名，内容却是{format}。请用Excel或WPS打开，另存为“Excel工作簿（.xlsx）”后再导入。'),
  'roster-other-format': fatal('不能直接读取{format}文件。请用Excel或WPS打开，另存为“Excel工作簿（.xlsx）”后再导入。'),
  'roster-encrypted': fatal('工作簿设有打开密码。请在Excel或WPS中取消密码、保存后再导入。'),
  'roster-damaged': fatal('文件已损坏或不完整，读不出来。请用Excel或WPS打开，另存一份后再导入。'),
  'roster-too-large': fatal('文件太大（{size} MB），一次最多读取{most} MB。请删去图片和无关的工作表，或拆成几个文件。'),
  'roster-expands': fatal('文件解压后大得异常，可能已损坏或含有恶意内容，未读取。'),
  'roster-too-many-rows': fatal('工作表的行数太多，一次最多导入{most}行。请拆成几个文件分次导入。'),
  'roster-no-header': fatal('没有找到表头：需要有一行同时写着“身份证号码”和“姓名”。请使用模板，或补上表头。'),
  'roster-header-twice': fatal('表头中“{label}”出现了两次，分不清以哪一列为准。请删去其中一列后再导入。'),
  'roster-no-rows': fatal('表头下面没有人员，没有可导入的内容。'),
  'roster-file-gone': retriable('文件打不开：可能已被移走、删除，或正被其他程序占用。请关闭占用的程序后重新选择。'),
  'roster-not-saved': retriable('文件没有保存成功：磁盘可能已满、没有写入权限，或同名文件正在打开。请换个位置再试。'),
  'roster-run-gone': fatal('这次预览已经失效，请重新选择文件。尚未写入的内容没有登记。'),
  'roster-busy': retriable('正在处理另一份名册，请等它完成或先取消。'),
  'roster-stopped': retriable('读取名册的组件意外停止，可能是文件内容过大。没有写入任何内容，请拆分文件后再试。'),
} as const

/** A ZIP of photos: whatever is said of it, or of a file in it, nothing of that has been added. */
const photoErrors = {
  'photos-not-zip': fatal('所选文件不是ZIP压缩包。其他格式的压缩包请先解压，再用系统自带的压缩功能压缩为ZIP。'),
  'photos-damaged': fatal('压缩包已损坏或不完整，读不出来。请重新压缩为ZIP后再选择。'),
  'photos-too-many': fatal('文件太多，一次最多{most}个。请分几次选择，或拆成几个压缩包。'),
  'photos-expands': fatal('压缩包解压后大得异常，可能已损坏或含有恶意内容，未读取。'),
  'photos-none': fatal('压缩包里没有文件，没有可加入的照片。'),
  'photo-encrypted': fatal('压缩包设有密码，取不出该文件。请去掉密码重新压缩。'),
  'photo-packed-otherwise': fatal('该文件的压缩方式不受支持。请用系统自带的压缩功能重新压缩为ZIP。'),
  'photo-path-refused': fatal('文件名中有上级目录、盘符或特殊字符，不予读取。请改名后重新压缩。'),
  'photo-damaged': fatal('该文件在压缩包里已损坏，取不出来。请重新压缩。'),
} as const

/** Files on their way between the clerk's disk and this program. */
const fileErrors = {
  'attachment-here': fatal('该文件已经添加过，没有重复添加。'),
  'attachment-add-broken': retriable('添加文件时中断，该文件没有添加，请重新添加。'),
  'attachment-vanished': fatal('文件在读取时被移动、删除或改动，没有添加。请确认文件还在原处，再重新添加。'),
  'attachment-lost-here': fatal('本机保存的附件内容已损坏或丢失，请删除后重新添加该文件。'),
  'picture-unreadable': fatal('图片无法打开，可能已损坏。请用看图软件另存为JPG后再添加。'),
  'picture-heic': fatal('这是苹果手机的HEIC照片，本程序不能打开。请先转换为JPG再添加；以后拍照可在手机“设置-相机-格式”中选“兼容性最佳”。'),
  'picture-too-many-pixels': fatal('图片尺寸太大（{width}×{height}），不能处理。请缩小后再添加。'),
  'download-full': retriable('保存位置的磁盘空间不足，文件没有保存。请清理磁盘或换一个位置。'),
  'download-read-only': fatal('不能写入所选的位置，文件没有保存。请换一个位置。'),
} as const

/** Local data. */
const localErrors = {
  'local-full': retriable('本机磁盘空间不足，内容暂未保存。请清理磁盘后重试，不要关闭窗口。'),
  'local-read-only': retriable('本机数据文件不能写入，内容暂未保存。请联系管理员，不要关闭窗口。'),
  'local-busy': retriable('本机数据正被另一程序占用，请稍后重试。'),
  'local-key-lost': fatal('无法打开本单位的本机数据（密钥已丢失或更换了Windows用户）。数据文件已原样保留，可用单位恢复密钥恢复。'),
  'local-from-future': fatal('本机数据由更新版本的工作站写入，请升级工作站后再打开。数据未改动。'),
  'local-damaged': fatal('本机数据文件已损坏，已另存保留，正在从服务器重新取回。'),
} as const

/**
 * The closed list of error codes of the whole product. A code names what happened; `retriable` says whether the same
 * thing may succeed when simply tried again; `sentence` is what the clerk reads. `{name}` is filled from the details.
 */
export const errorTable = {
  ...callErrors,
  ...caKeyErrors,
  ...idCardReaderErrors,
  ...sessionErrors,
  ...centralErrors,
  ...registrationErrors,
  ...projectErrors,
  ...posterErrors,
  ...selfRegistrationErrors,
  ...faceErrors,
  ...faceCaptureErrors,
  ...unitErrors,
  ...attachmentErrors,
  ...rosterErrors,
  ...photoErrors,
  ...fileErrors,
  ...localErrors,
} as const satisfies Readonly<Record<string, ErrorEntry>>

export type ErrorCode = keyof typeof errorTable

export const errorCodes = Object.keys(errorTable) as ErrorCode[]

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorTable, code)
}
