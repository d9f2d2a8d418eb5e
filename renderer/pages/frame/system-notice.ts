/** What is told outside the window names nobody: others see it too. */
const title = '修缮实名制工作站'

/** A notification of the system, where the window is not the one that is looked at. @param more how many messages have come */
export function showSystemNotice(more: number): void {
  if (document.hasFocus() || !('Notification' in window)) return
  const show = () => {
    // One in the place of the last: what counts stands in the window.
    const notice = new Notification(title, { body: `有${more}条新消息，请打开程序查看。`, tag: 'messages' })
    notice.addEventListener('click', () => window.focus())
  }
  if (Notification.permission === 'granted') return show()
  if (Notification.permission === 'default') void Notification.requestPermission().then((answer) => (answer === 'granted' ? show() : undefined), () => undefined)
}
