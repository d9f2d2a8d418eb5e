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
  // workType
  砌筑工: 'qi zhu gong', 架子工: 'jia zi gong', 附着升降脚手架安装拆卸工: 'fu zhuo sheng jiang jiao shou jia an zhuang chai xie gong',
  高处作业吊篮操作工: 'gao chu zuo ye diao lan cao zuo gong', 高处作业吊篮安装拆卸工: 'gao chu zuo ye diao lan an zhuang chai xie gong',
  管道工: 'guan dao gong', 建筑电工: 'jian zhu dian gong', 弱电工: 'ruo dian gong', 装饰装修工: 'zhuang shi zhuang xiu gong',
  抹灰工: 'mo hui gong', 油漆工: 'you qi gong', 镶贴工: 'xiang tie gong', 涂裱工: 'tu biao gong',
  装饰装修木工: 'zhuang shi zhuang xiu mu gong', 室内成套设施安装工: 'shi nei cheng tao she shi an zhuang gong',
  建筑门窗安装工: 'jian zhu men chuang an zhuang gong', 防水工: 'fang shui gong', 木工: 'mu gong', 电焊工: 'dian han gong',
  古建筑传统瓦工: 'gu jian zhu chuan tong wa gong', 古建筑传统木工: 'gu jian zhu chuan tong mu gong',
  古建筑传统油工: 'gu jian zhu chuan tong you gong', 杂工: 'za gong', 水暖工: 'shui nuan gong',
  电梯安装维修工: 'dian ti an zhuang wei xiu gong', 建筑外墙保温安装工: 'jian zhu wai qiang bao wen an zhuang gong',
  消防安装工: 'xiao fang an zhuang gong', 防腐保温工: 'fang fu bao wen gong', 白蚁防治工: 'bai yi fang zhi gong',
  窑炉修筑工: 'yao lu xiu zhu gong', 钢筋工: 'gang jin gong', 混凝土工: 'hun ning tu gong', 混凝土搅拌工: 'hun ning tu jiao ban gong',
  混凝土浇筑工: 'hun ning tu jiao zhu gong', 混凝土模具工: 'hun ning tu mu ju gong', 模板工: 'mu ban gong',
  机械设备安装工: 'ji xie she bei an zhuang gong', 通风工: 'tong feng gong', 安装起重工: 'an zhuang qi zhong gong',
  安装钳工: 'an zhuang qian gong', 电气设备安装调试工: 'dian qi she bei an zhuang tiao shi gong', 变电安装工: 'bian dian an zhuang gong',
  司泵工: 'si beng gong', 挖掘铲运和桩工机械司机: 'wa jue chan yun he zhuang gong ji xie si ji',
  '推土（铲运）机驾驶员': 'tui tu chan yun ji jia shi yuan', 挖掘机驾驶员: 'wa jue ji jia shi yuan', '桩工（打桩工）': 'zhuang gong da zhuang gong',
  桩机操作工: 'zhuang ji cao zuo gong', 起重信号工: 'qi zhong xin hao gong',
  建筑起重机械安装拆卸工: 'jian zhu qi zhong ji xie an zhuang chai xie gong', 室内装饰设计师: 'shi nei zhuang shi she ji shi',
  建筑门窗幕墙安装工: 'jian zhu men chuang mu qiang an zhuang gong', 幕墙安装工: 'mu qiang an zhuang gong', 幕墙制作工: 'mu qiang zhi zuo gong',
  手工木工: 'shou gong mu gong', 精细木工: 'jing xi mu gong', 石工: 'shi gong', 爆破工: 'bao po gong', 除尘工: 'chu chen gong',
  测量放线工: 'ce liang fang xian gong', 质检员: 'zhi jian yuan', 线路架设工: 'xian lu jia she gong',
  古建筑传统石工: 'gu jian zhu chuan tong shi gong', 古建筑传统彩画工: 'gu jian zhu chuan tong cai hua gong', 金属工: 'jin shu gong',
  沥青混凝土摊铺机操作工: 'li qing hun ning tu tan pu ji cao zuo gong', 沥青工: 'li qing gong', 筑炉工: 'zhu lu gong',
  工程机械修理工: 'gong cheng ji xie xiu li gong', 道路巡视养护工: 'dao lu xun shi yang hu gong', 桥隧巡视养护工: 'qiao sui xun shi yang hu gong',
  中小型机械操作工: 'zhong xiao xing ji xie cao zuo gong', 管涵顶进工: 'guan han ding jin gong', 盾构机操作工: 'dun gou ji cao zuo gong',
  筑路工: 'zhu lu gong', 桥隧工: 'qiao sui gong', 城市管道安装工: 'cheng shi guan dao an zhuang gong', 起重驾驶员: 'qi zhong jia shi yuan',
  试验工: 'shi yan gong', 中央空调系统运行操作员: 'zhong yang kong tiao xi tong yun xing cao zuo yuan',
  智能楼宇管理员: 'zhi neng lou yu guan li yuan', 建筑模型制作工: 'jian zhu mo xing zhi zuo gong', 接触网工: 'jie chu wang gong',
  雕塑翻制工: 'diao su fan zhi gong', 司钻员: 'si zuan yuan', 描述员: 'miao shu yuan', 土工试验员: 'tu gong shi yan yuan',
  仪表安装调试工: 'yi biao an zhuang tiao shi gong', 空调安装调试工: 'kong tiao an zhuang tiao shi gong', 安装铆工: 'an zhuang mao gong',
  构件装配工: 'gou jian zhuang pei gong', 构件制作工: 'gou jian zhi zuo gong', 预埋工: 'yu mai gong', 灌浆工: 'guan jiang gong',
  绿化工: 'lv hua gong', 花卉工: 'hua hui gong', 园林植保工: 'yuan lin zhi bao gong', 育苗工: 'yu miao gong', 假山工: 'jia shan gong',
  保洁员: 'bao jie yuan', 垃圾清运工: 'la ji qing yun gong', 其它: 'qi ta',
  // specialTrade
  '架子工（普通脚手架）': 'jia zi gong pu tong jiao shou jia', '架子工（附着升降脚手架）': 'jia zi gong fu zhuo sheng jiang jiao shou jia',
  起重信号司索工: 'qi zhong xin hao si suo gong', '起重机械司机（塔式起重机）': 'qi zhong ji xie si ji ta shi qi zhong ji',
  '起重机械司机（施工升降机）': 'qi zhong ji xie si ji shi gong sheng jiang ji',
  '起重机械司机（物料提升机）': 'qi zhong ji xie si ji wu liao ti sheng ji', '起重机械司机（门式起重机）': 'qi zhong ji xie si ji men shi qi zhong ji',
  '起重机械司机（桥式起重机）': 'qi zhong ji xie si ji qiao shi qi zhong ji',
  '起重机械安装拆卸工（塔式起重机）': 'qi zhong ji xie an zhuang chai xie gong ta shi qi zhong ji',
  '起重机械安装拆卸工（施工升降机）': 'qi zhong ji xie an zhuang chai xie gong shi gong sheng jiang ji',
  '起重机械安装拆卸工（物料提升机）': 'qi zhong ji xie an zhuang chai xie gong wu liao ti sheng ji',
  '起重机械安装拆卸工（门式起重机）': 'qi zhong ji xie an zhuang chai xie gong men shi qi zhong ji',
  '起重机械安装拆卸工（桥式起重机）': 'qi zhong ji xie an zhuang chai xie gong qiao shi qi zhong ji',
}
