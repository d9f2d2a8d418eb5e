import { createPinia } from 'pinia'
import { createApp } from 'vue'
import 'element-plus/theme-chalk/base.css'
import './theme/colours.css'
import './theme/text-size.css'
import './theme/theme.css'
import App from './app.vue'
import { serveBrowserDialogs } from './bridge/browser-dialogs.ts'
import { followDisplaySettings } from './theme/display.ts'

const app = createApp(App)
app.use(createPinia())
app.mount('#app')
followDisplaySettings()
if (location.protocol !== 'app:') serveBrowserDialogs()
