export { sleep as pause } from "@digital-product-passport/sdk/node";
