import { createPinia } from 'pinia'
import { createApp } from 'vue'
import 'element-plus/theme-chalk/base.css'
import './theme/theme.css'
import App from './app.vue'
import { serveBrowserDialogs } from './bridge/browser-dialogs.ts'

const app = createApp(App)
app.use(createPinia())
app.mount('#app')
if (location.protocol !== 'app:') serveBrowserDialogs()
