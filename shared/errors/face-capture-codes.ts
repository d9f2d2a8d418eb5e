import { fatal, retriable } from './error-entry.ts'

/** The camera, the models and the capture of a face in the page. */
export const faceCaptureErrors = {
  'camera-missing': retriable('没有找到摄像头，请插好摄像头后重试；也可以改用非人脸核验。'),
  'camera-busy': retriable('摄像头正被其他程序占用，请关闭微信、会议等正在使用摄像头的程序后重试。'),
  'camera-refused': fatal('系统不允许使用摄像头，请在Windows“设置-隐私-相机”中允许桌面应用使用相机后重试。'),
  'camera-lost': retriable('摄像头已断开，这次采集没有保存。请插好摄像头后重新开始。'),
  'camera-black': retriable('摄像头画面全黑，请打开镜头盖或隐私开关；仍全黑的，请换一个摄像头。'),
  'camera-stalled': retriable('摄像头画面停住了，请重新插拔摄像头后再试。'),
  'camera-virtual': fatal('所选的是虚拟摄像头，不能用于人脸识别，请选择真实的摄像头。'),
  'camera-failed': retriable('摄像头打不开，请重新插拔后再试，或换一个摄像头。'),
  'face-worker-failed': retriable('人脸识别组件没有启动或意外停止，请重新进入本页；仍不成功的，请重新启动工作站，或改用非人脸核验。'),
  'face-wasm-unavailable': fatal('本机的处理器或浏览器太旧，不能运行人脸识别，请联系管理员；可以改用非人脸核验。'),
  'face-model-missing': fatal('缺少人脸识别文件（{file}），请重新安装工作站；可以改用非人脸核验。'),
  'face-model-damaged': fatal('人脸识别文件（{file}）已损坏，没有使用。请重新安装工作站；可以改用非人脸核验。'),
  'face-attack-model-unusable': fatal('管理员设置的活体检测模型不能使用（{file}），请联系管理员；可以改用非人脸核验。'),
  'face-attack-suspected': retriable('活体检测没有通过，画面像是照片或屏幕，没有采集。请本人面对摄像头重新开始；也可以改用非人脸核验。'),
  'face-challenge-failed': retriable('动作检测没有通过，没有采集。请本人面对摄像头，按提示重新开始；也可以改用非人脸核验。'),
  'face-frames-differ': retriable('采集中途像是换了人，没有采集。请本人单独面对摄像头，重新开始。'),
  'face-capture-timeout': retriable('等待时间内没有合格的画面，没有采集。请按画面旁的提示调整后重新开始。'),
} as const
