import { onContentUpdated, type Theme } from 'vitepress'
import DefaultTheme from 'vitepress/theme-without-fonts'
import { defineComponent, h } from 'vue'
import { QuickstartPicture } from './quickstart-picture.js'
import './style.css'

/** The first page of the default theme has no landmark that says where its content is. */
function markMain(): void {
  onContentUpdated(() => document.querySelector('.VPHome')?.setAttribute('role', 'main'))
}

/** The default theme in the colours of the project, with the fonts that the reader has. */
export default {
  extends: DefaultTheme,
  Layout: defineComponent(() => {
    markMain()
    return () => h(DefaultTheme.Layout, null, { 'home-hero-image': () => h(QuickstartPicture) })
  }),
} satisfies Theme
