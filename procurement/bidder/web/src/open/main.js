import { show } from "../ui/page.js";
show("<button data-part='language'></button>");
