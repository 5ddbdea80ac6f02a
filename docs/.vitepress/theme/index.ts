import type { Theme } from 'vitepress'
import DefaultTheme from 'vitepress/theme-without-fonts'
import { h } from 'vue'
import { QuickstartPicture } from './quickstart-picture.js'
import './style.css'

/** The default theme in the colours of the project, with the fonts that the reader has. */
export default {
  extends: DefaultTheme,
  Layout: () => h(DefaultTheme.Layout, null, { 'home-hero-after': () => h(QuickstartPicture) }),
} satisfies Theme
