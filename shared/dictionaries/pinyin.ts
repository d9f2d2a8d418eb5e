/** Syllables of each label of a dictionary, without tones, v for ü, so that an entry is found by typing how it sounds. */
export const dictionaryPinyin: Readonly<Record<string, string>> = {
  // sex
  男: 'nan', 女: 'nv',
  // ethnicity
  汉族: 'han zu', 蒙古族: 'meng gu zu', 回族: 'hui zu', 藏族: 'zang zu', 维吾尔族: 'wei wu er zu', 苗族: 'miao zu', 彝族: 'yi zu',
  壮族: 'zhuang zu', 布依族: 'bu yi zu', 朝鲜族: 'chao xian zu', 满族: 'man zu', 侗族: 'dong zu', 瑶族: 'yao zu', 白族: 'bai zu',
  土家族: 'tu jia zu', 哈尼族: 'ha ni zu', 哈萨克族: 'ha sa ke zu', 傣族: 'dai zu', 黎族: 'li zu', 傈僳族: 'li su zu', 佤族: 'wa zu',
  畲族: 'she zu', 高山族: 'gao shan zu', 拉祜族: 'la hu zu', 水族: 'shui zu', 东乡族: 'dong xiang zu', 纳西族: 'na xi zu',
  景颇族: 'jing po zu', 柯尔克孜族: 'ke er ke zi zu', 土族: 'tu zu', 达斡尔族: 'da wo er zu', 仫佬族: 'mu lao zu', 羌族: 'qiang zu',
  布朗族: 'bu lang zu', 撒拉族: 'sa la zu', 毛南族: 'mao nan zu', 仡佬族: 'ge lao zu', 锡伯族: 'xi bo zu', 阿昌族: 'a chang zu',
  普米族: 'pu mi zu', 塔吉克族: 'ta ji ke zu', 怒族: 'nu zu', 乌孜别克族: 'wu zi bie ke zu', 俄罗斯族: 'e luo si zu',
  鄂温克族: 'e wen ke zu', 德昂族: 'de ang zu', 保安族: 'bao an zu', 裕固族: 'yu gu zu', 京族: 'jing zu', 塔塔尔族: 'ta ta er zu',
  独龙族: 'du long zu', 鄂伦春族: 'e lun chun zu', 赫哲族: 'he zhe zu', 门巴族: 'men ba zu', 珞巴族: 'luo ba zu', 基诺族: 'ji nuo zu',
  其他: 'qi ta', 外国血统中国籍人士: 'wai guo xue tong zhong guo ji ren shi',
  // politicalStatus
  中共党员: 'zhong gong dang yuan', 中共预备党员: 'zhong gong yu bei dang yuan', 共青团员: 'gong qing tuan yuan',
  民革党员: 'min ge dang yuan', 民盟盟员: 'min meng meng yuan', 民建会员: 'min jian hui yuan', 民进会员: 'min jin hui yuan',
  农工党党员: 'nong gong dang dang yuan', 致公党党员: 'zhi gong dang dang yuan', 九三学社社员: 'jiu san xue she she yuan',
  台盟盟员: 'tai meng meng yuan', 无党派人士: 'wu dang pai ren shi', 群众: 'qun zhong',
  // maritalStatus
  未婚: 'wei hun', 已婚: 'yi hun', 初婚: 'chu hun', 再婚: 'zai hun', 复婚: 'fu hun', 丧偶: 'sang ou', 离婚: 'li hun',
  未说明: 'wei shuo ming',
  // highestEducation
  小学: 'xiao xue', 初中: 'chu zhong', 高中: 'gao zhong', 中专: 'zhong zhuan', 大专: 'da zhuan', 本科: 'ben ke', 硕士: 'shuo shi',
  博士: 'bo shi',
  // highestEducationType
  全日制: 'quan ri zhi', 非全日制: 'fei quan ri zhi',
  // highestDegree
  名誉博士: 'ming yu bo shi', 学士: 'xue shi', 无: 'wu',
  // hukouType
  农村户口: 'nong cun hu kou', 城镇户口: 'cheng zhen hu kou', '集体户口（城镇）': 'ji ti hu kou cheng zhen',
  '集体户口（农村）': 'ji ti hu kou nong cun', 未落常住户口: 'wei luo chang zhu hu kou',
  // socialInsuranceStatus
  已缴纳: 'yi jiao na', 未缴纳: 'wei jiao na', 退休返聘: 'tui xiu fan pin',
  // relation
  配偶: 'pei ou', 父母: 'fu mu', 子女: 'zi nv', 兄弟姐妹: 'xiong di jie mei', 其他亲属: 'qi ta qin shu', 同事: 'tong shi', 朋友: 'peng you',
  // graduated
  是: 'shi', 否: 'fou',
  // leaveReason
  辞职: 'ci zhi', 合同到期: 'he tong dao qi', 解除劳动合同: 'jie chu lao dong he tong', 退休: 'tui xiu', 调动: 'diao dong',
  // titleLevel
  初级: 'chu ji', 中级: 'zhong ji', 高级: 'gao ji', 技师: 'ji shi', 高级技师: 'gao ji ji shi',
  // attachmentType
  身份证人像面: 'shen fen zheng ren xiang mian', 身份证国徽面: 'shen fen zheng guo hui mian', 正面照: 'zheng mian zhao',
  社保缴费证明: 'she bao jiao fei zheng ming', 学历证书: 'xue li zheng shu', 职称证书: 'zhi cheng zheng shu', 执业证书: 'zhi ye zheng shu',
  劳动合同: 'lao dong he tong', 企业资质证书: 'qi ye zi zhi zheng shu', 营业执照: 'ying ye zhi zhao',
}
