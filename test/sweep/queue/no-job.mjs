export const job = () => ({})
