/* CommonWatt, MIT. Contains Lit (BSD-3-Clause) and MDI icons (Apache-2.0). */
var m3=Object.defineProperty;var l3=Object.getOwnPropertyDescriptor;var l=(L,H,C,V)=>{for(var M=V>1?void 0:V?l3(H,C):H,r=L.length-1,e;r>=0;r--)(e=L[r])&&(M=(V?e(H,C,M):e(M))||M);return V&&M&&m3(H,C,M),M};var S1=globalThis,h1=S1.ShadowRoot&&(S1.ShadyCSS===void 0||S1.ShadyCSS.nativeShadow)&&"adoptedStyleSheets"in Document.prototype&&"replace"in CSSStyleSheet.prototype,N1=Symbol(),l2=new WeakMap,o1=class{constructor(H,C,V){if(this._$cssResult$=!0,V!==N1)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=H,this.t=C}get styleSheet(){let H=this.o,C=this.t;if(h1&&H===void 0){let V=C!==void 0&&C.length===1;V&&(H=l2.get(C)),H===void 0&&((this.o=H=new CSSStyleSheet).replaceSync(this.cssText),V&&l2.set(C,H))}return H}toString(){return this.cssText}},v2=L=>new o1(typeof L=="string"?L:L+"",void 0,N1),S=(L,...H)=>{let C=L.length===1?L[0]:H.reduce((V,M,r)=>V+(e=>{if(e._$cssResult$===!0)return e.cssText;if(typeof e=="number")return e;throw Error("Value passed to 'css' function must be a 'css' function result: "+e+". Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.")})(M)+L[r+1],L[0]);return new o1(C,L,N1)},x2=(L,H)=>{if(h1)L.adoptedStyleSheets=H.map(C=>C instanceof CSSStyleSheet?C:C.styleSheet);else for(let C of H){let V=document.createElement("style"),M=S1.litNonce;M!==void 0&&V.setAttribute("nonce",M),V.textContent=C.cssText,L.appendChild(V)}},W1=h1?L=>L:L=>L instanceof CSSStyleSheet?(H=>{let C="";for(let V of H.cssRules)C+=V.cssText;return v2(C)})(L):L;var{is:v3,defineProperty:x3,getOwnPropertyDescriptor:s3,getOwnPropertyNames:Z3,getOwnPropertySymbols:u3,getPrototypeOf:c3}=Object,f1=globalThis,s2=f1.trustedTypes,S3=s2?s2.emptyScript:"",h3=f1.reactiveElementPolyfillSupport,a1=(L,H)=>L,A1={toAttribute(L,H){switch(H){case Boolean:L=L?S3:null;break;case Object:case Array:L=L==null?L:JSON.stringify(L)}return L},fromAttribute(L,H){let C=L;switch(H){case Boolean:C=L!==null;break;case Number:C=L===null?null:Number(L);break;case Object:case Array:try{C=JSON.parse(L)}catch{C=null}}return C}},g1=(L,H)=>!v3(L,H),Z2={attribute:!0,type:String,converter:A1,reflect:!1,useDefault:!1,hasChanged:g1};Symbol.metadata??=Symbol("metadata"),f1.litPropertyMetadata??=new WeakMap;var D=class extends HTMLElement{static addInitializer(H){this._$Ei(),(this.l??=[]).push(H)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(H,C=Z2){if(C.state&&(C.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(H)&&((C=Object.create(C)).wrapped=!0),this.elementProperties.set(H,C),!C.noAccessor){let V=Symbol(),M=this.getPropertyDescriptor(H,V,C);M!==void 0&&x3(this.prototype,H,M)}}static getPropertyDescriptor(H,C,V){let{get:M,set:r}=s3(this.prototype,H)??{get(){return this[C]},set(e){this[C]=e}};return{get:M,set(e){let t=M?.call(this);r?.call(this,e),this.requestUpdate(H,t,V)},configurable:!0,enumerable:!0}}static getPropertyOptions(H){return this.elementProperties.get(H)??Z2}static _$Ei(){if(this.hasOwnProperty(a1("elementProperties")))return;let H=c3(this);H.finalize(),H.l!==void 0&&(this.l=[...H.l]),this.elementProperties=new Map(H.elementProperties)}static finalize(){if(this.hasOwnProperty(a1("finalized")))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(a1("properties"))){let C=this.properties,V=[...Z3(C),...u3(C)];for(let M of V)this.createProperty(M,C[M])}let H=this[Symbol.metadata];if(H!==null){let C=litPropertyMetadata.get(H);if(C!==void 0)for(let[V,M]of C)this.elementProperties.set(V,M)}this._$Eh=new Map;for(let[C,V]of this.elementProperties){let M=this._$Eu(C,V);M!==void 0&&this._$Eh.set(M,C)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(H){let C=[];if(Array.isArray(H)){let V=new Set(H.flat(1/0).reverse());for(let M of V)C.unshift(W1(M))}else H!==void 0&&C.push(W1(H));return C}static _$Eu(H,C){let V=C.attribute;return V===!1?void 0:typeof V=="string"?V:typeof H=="string"?H.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(H=>this.enableUpdating=H),this._$AL=new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(H=>H(this))}addController(H){(this._$EO??=new Set).add(H),this.renderRoot!==void 0&&this.isConnected&&H.hostConnected?.()}removeController(H){this._$EO?.delete(H)}_$E_(){let H=new Map,C=this.constructor.elementProperties;for(let V of C.keys())this.hasOwnProperty(V)&&(H.set(V,this[V]),delete this[V]);H.size>0&&(this._$Ep=H)}createRenderRoot(){let H=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return x2(H,this.constructor.elementStyles),H}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(H=>H.hostConnected?.())}enableUpdating(H){}disconnectedCallback(){this._$EO?.forEach(H=>H.hostDisconnected?.())}attributeChangedCallback(H,C,V){this._$AK(H,V)}_$ET(H,C){let V=this.constructor.elementProperties.get(H),M=this.constructor._$Eu(H,V);if(M!==void 0&&V.reflect===!0){let r=(V.converter?.toAttribute!==void 0?V.converter:A1).toAttribute(C,V.type);this._$Em=H,r==null?this.removeAttribute(M):this.setAttribute(M,r),this._$Em=null}}_$AK(H,C){let V=this.constructor,M=V._$Eh.get(H);if(M!==void 0&&this._$Em!==M){let r=V.getPropertyOptions(M),e=typeof r.converter=="function"?{fromAttribute:r.converter}:r.converter?.fromAttribute!==void 0?r.converter:A1;this._$Em=M;let t=e.fromAttribute(C,r.type);this[M]=t??this._$Ej?.get(M)??t,this._$Em=null}}requestUpdate(H,C,V,M=!1,r){if(H!==void 0){let e=this.constructor;if(M===!1&&(r=this[H]),V??=e.getPropertyOptions(H),!((V.hasChanged??g1)(r,C)||V.useDefault&&V.reflect&&r===this._$Ej?.get(H)&&!this.hasAttribute(e._$Eu(H,V))))return;this.C(H,C,V)}this.isUpdatePending===!1&&(this._$ES=this._$EP())}C(H,C,{useDefault:V,reflect:M,wrapped:r},e){V&&!(this._$Ej??=new Map).has(H)&&(this._$Ej.set(H,e??C??this[H]),r!==!0||e!==void 0)||(this._$AL.has(H)||(this.hasUpdated||V||(C=void 0),this._$AL.set(H,C)),M===!0&&this._$Em!==H&&(this._$Eq??=new Set).add(H))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(C){Promise.reject(C)}let H=this.scheduleUpdate();return H!=null&&await H,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[M,r]of this._$Ep)this[M]=r;this._$Ep=void 0}let V=this.constructor.elementProperties;if(V.size>0)for(let[M,r]of V){let{wrapped:e}=r,t=this[M];e!==!0||this._$AL.has(M)||t===void 0||this.C(M,void 0,r,t)}}let H=!1,C=this._$AL;try{H=this.shouldUpdate(C),H?(this.willUpdate(C),this._$EO?.forEach(V=>V.hostUpdate?.()),this.update(C)):this._$EM()}catch(V){throw H=!1,this._$EM(),V}H&&this._$AE(C)}willUpdate(H){}_$AE(H){this._$EO?.forEach(C=>C.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(H)),this.updated(H)}_$EM(){this._$AL=new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(H){return!0}update(H){this._$Eq&&=this._$Eq.forEach(C=>this._$ET(C,this[C])),this._$EM()}updated(H){}firstUpdated(H){}};D.elementStyles=[],D.shadowRootOptions={mode:"open"},D[a1("elementProperties")]=new Map,D[a1("finalized")]=new Map,h3?.({ReactiveElement:D}),(f1.reactiveElementVersions??=[]).push("2.1.2");var K1=globalThis,u2=L=>L,O1=K1.trustedTypes,c2=O1?O1.createPolicy("lit-html",{createHTML:L=>L}):void 0,w2="$lit$",I=`lit$${Math.random().toFixed(9).slice(2)}$`,b2="?"+I,f3=`<${b2}>`,K=document,n1=()=>K.createComment(""),p1=L=>L===null||typeof L!="object"&&typeof L!="function",j1=Array.isArray,g3=L=>j1(L)||typeof L?.[Symbol.iterator]=="function",I1=`[ 	
\f\r]`,d1=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,S2=/-->/g,h2=/>/g,z=RegExp(`>|${I1}(?:([^\\s"'>=/]+)(${I1}*=${I1}*(?:[^ 	
\f\r"'\`<>=]|("|')|))|$)`,"g"),f2=/'/g,g2=/"/g,y2=/^(?:script|style|textarea|title)$/i,Y1=L=>(H,...C)=>({_$litType$:L,strings:H,values:C}),o=Y1(1),x=Y1(2),f0=Y1(3),j=Symbol.for("lit-noChange"),A=Symbol.for("lit-nothing"),O2=new WeakMap,q=K.createTreeWalker(K,129);function k2(L,H){if(!j1(L)||!L.hasOwnProperty("raw"))throw Error("invalid template strings array");return c2!==void 0?c2.createHTML(H):H}var O3=(L,H)=>{let C=L.length-1,V=[],M,r=H===2?"<svg>":H===3?"<math>":"",e=d1;for(let t=0;t<C;t++){let i=L[t],a,n,d=-1,m=0;for(;m<i.length&&(e.lastIndex=m,n=e.exec(i),n!==null);)m=e.lastIndex,e===d1?n[1]==="!--"?e=S2:n[1]!==void 0?e=h2:n[2]!==void 0?(y2.test(n[2])&&(M=RegExp("</"+n[2],"g")),e=z):n[3]!==void 0&&(e=z):e===z?n[0]===">"?(e=M??d1,d=-1):n[1]===void 0?d=-2:(d=e.lastIndex-n[2].length,a=n[1],e=n[3]===void 0?z:n[3]==='"'?g2:f2):e===g2||e===f2?e=z:e===S2||e===h2?e=d1:(e=z,M=void 0);let p=e===z&&L[t+1].startsWith("/>")?" ":"";r+=e===d1?i+f3:d>=0?(V.push(a),i.slice(0,d)+w2+i.slice(d)+I+p):i+I+(d===-2?t:p)}return[k2(L,r+(L[C]||"<?>")+(H===2?"</svg>":H===3?"</math>":"")),V]},m1=class L{constructor({strings:H,_$litType$:C},V){let M;this.parts=[];let r=0,e=0,t=H.length-1,i=this.parts,[a,n]=O3(H,C);if(this.el=L.createElement(a,V),q.currentNode=this.el.content,C===2||C===3){let d=this.el.content.firstChild;d.replaceWith(...d.childNodes)}for(;(M=q.nextNode())!==null&&i.length<t;){if(M.nodeType===1){if(M.hasAttributes())for(let d of M.getAttributeNames())if(d.endsWith(w2)){let m=n[e++],p=M.getAttribute(d).split(I),s=/([.?@])?(.*)/.exec(m);i.push({type:1,index:r,name:s[2],strings:p,ctor:s[1]==="."?G1:s[1]==="?"?Q1:s[1]==="@"?z1:L1}),M.removeAttribute(d)}else d.startsWith(I)&&(i.push({type:6,index:r}),M.removeAttribute(d));if(y2.test(M.tagName)){let d=M.textContent.split(I),m=d.length-1;if(m>0){M.textContent=O1?O1.emptyScript:"";for(let p=0;p<m;p++)M.append(d[p],n1()),q.nextNode(),i.push({type:2,index:++r});M.append(d[m],n1())}}}else if(M.nodeType===8)if(M.data===b2)i.push({type:2,index:r});else{let d=-1;for(;(d=M.data.indexOf(I,d+1))!==-1;)i.push({type:7,index:r}),d+=I.length-1}r++}}static createElement(H,C){let V=K.createElement("template");return V.innerHTML=H,V}};function V1(L,H,C=L,V){if(H===j)return H;let M=V!==void 0?C._$Co?.[V]:C._$Cl,r=p1(H)?void 0:H._$litDirective$;return M?.constructor!==r&&(M?._$AO?.(!1),r===void 0?M=void 0:(M=new r(L),M._$AT(L,C,V)),V!==void 0?(C._$Co??=[])[V]=M:C._$Cl=M),M!==void 0&&(H=V1(L,M._$AS(L,H.values),M,V)),H}var U1=class{constructor(H,C){this._$AV=[],this._$AN=void 0,this._$AD=H,this._$AM=C}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(H){let{el:{content:C},parts:V}=this._$AD,M=(H?.creationScope??K).importNode(C,!0);q.currentNode=M;let r=q.nextNode(),e=0,t=0,i=V[0];for(;i!==void 0;){if(e===i.index){let a;i.type===2?a=new l1(r,r.nextSibling,this,H):i.type===1?a=new i.ctor(r,i.name,i.strings,this,H):i.type===6&&(a=new q1(r,this,H)),this._$AV.push(a),i=V[++t]}e!==i?.index&&(r=q.nextNode(),e++)}return q.currentNode=K,M}p(H){let C=0;for(let V of this._$AV)V!==void 0&&(V.strings!==void 0?(V._$AI(H,V,C),C+=V.strings.length-2):V._$AI(H[C])),C++}},l1=class L{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(H,C,V,M){this.type=2,this._$AH=A,this._$AN=void 0,this._$AA=H,this._$AB=C,this._$AM=V,this.options=M,this._$Cv=M?.isConnected??!0}get parentNode(){let H=this._$AA.parentNode,C=this._$AM;return C!==void 0&&H?.nodeType===11&&(H=C.parentNode),H}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(H,C=this){H=V1(this,H,C),p1(H)?H===A||H==null||H===""?(this._$AH!==A&&this._$AR(),this._$AH=A):H!==this._$AH&&H!==j&&this._(H):H._$litType$!==void 0?this.$(H):H.nodeType!==void 0?this.T(H):g3(H)?this.k(H):this._(H)}O(H){return this._$AA.parentNode.insertBefore(H,this._$AB)}T(H){this._$AH!==H&&(this._$AR(),this._$AH=this.O(H))}_(H){this._$AH!==A&&p1(this._$AH)?this._$AA.nextSibling.data=H:this.T(K.createTextNode(H)),this._$AH=H}$(H){let{values:C,_$litType$:V}=H,M=typeof V=="number"?this._$AC(H):(V.el===void 0&&(V.el=m1.createElement(k2(V.h,V.h[0]),this.options)),V);if(this._$AH?._$AD===M)this._$AH.p(C);else{let r=new U1(M,this),e=r.u(this.options);r.p(C),this.T(e),this._$AH=r}}_$AC(H){let C=O2.get(H.strings);return C===void 0&&O2.set(H.strings,C=new m1(H)),C}k(H){j1(this._$AH)||(this._$AH=[],this._$AR());let C=this._$AH,V,M=0;for(let r of H)M===C.length?C.push(V=new L(this.O(n1()),this.O(n1()),this,this.options)):V=C[M],V._$AI(r),M++;M<C.length&&(this._$AR(V&&V._$AB.nextSibling,M),C.length=M)}_$AR(H=this._$AA.nextSibling,C){for(this._$AP?.(!1,!0,C);H!==this._$AB;){let V=u2(H).nextSibling;u2(H).remove(),H=V}}setConnected(H){this._$AM===void 0&&(this._$Cv=H,this._$AP?.(H))}},L1=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(H,C,V,M,r){this.type=1,this._$AH=A,this._$AN=void 0,this.element=H,this.name=C,this._$AM=M,this.options=r,V.length>2||V[0]!==""||V[1]!==""?(this._$AH=Array(V.length-1).fill(new String),this.strings=V):this._$AH=A}_$AI(H,C=this,V,M){let r=this.strings,e=!1;if(r===void 0)H=V1(this,H,C,0),e=!p1(H)||H!==this._$AH&&H!==j,e&&(this._$AH=H);else{let t=H,i,a;for(H=r[0],i=0;i<r.length-1;i++)a=V1(this,t[V+i],C,i),a===j&&(a=this._$AH[i]),e||=!p1(a)||a!==this._$AH[i],a===A?H=A:H!==A&&(H+=(a??"")+r[i+1]),this._$AH[i]=a}e&&!M&&this.j(H)}j(H){H===A?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,H??"")}},G1=class extends L1{constructor(){super(...arguments),this.type=3}j(H){this.element[this.name]=H===A?void 0:H}},Q1=class extends L1{constructor(){super(...arguments),this.type=4}j(H){this.element.toggleAttribute(this.name,!!H&&H!==A)}},z1=class extends L1{constructor(H,C,V,M,r){super(H,C,V,M,r),this.type=5}_$AI(H,C=this){if((H=V1(this,H,C,0)??A)===j)return;let V=this._$AH,M=H===A&&V!==A||H.capture!==V.capture||H.once!==V.once||H.passive!==V.passive,r=H!==A&&(V===A||M);M&&this.element.removeEventListener(this.name,this,V),r&&this.element.addEventListener(this.name,this,H),this._$AH=H}handleEvent(H){typeof this._$AH=="function"?this._$AH.call(this.options?.host??this.element,H):this._$AH.handleEvent(H)}},q1=class{constructor(H,C,V){this.element=H,this.type=6,this._$AN=void 0,this._$AM=C,this.options=V}get _$AU(){return this._$AM._$AU}_$AI(H){V1(this,H)}};var w3=K1.litHtmlPolyfillSupport;w3?.(m1,l1),(K1.litHtmlVersions??=[]).push("3.3.3");var B2=(L,H,C)=>{let V=C?.renderBefore??H,M=V._$litPart$;if(M===void 0){let r=C?.renderBefore??null;V._$litPart$=M=new l1(H.insertBefore(n1(),r),r,void 0,C??{})}return M._$AI(L),M};var X1=globalThis,O=class extends D{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let H=super.createRenderRoot();return this.renderOptions.renderBefore??=H.firstChild,H}update(H){let C=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(H),this._$Do=B2(C,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return j}};O._$litElement$=!0,O.finalized=!0,X1.litElementHydrateSupport?.({LitElement:O});var b3=X1.litElementPolyfillSupport;b3?.({LitElement:O});(X1.litElementVersions??=[]).push("4.2.2");var y3={attribute:!0,type:String,converter:A1,reflect:!1,hasChanged:g1},k3=(L=y3,H,C)=>{let{kind:V,metadata:M}=C,r=globalThis.litPropertyMetadata.get(M);if(r===void 0&&globalThis.litPropertyMetadata.set(M,r=new Map),V==="setter"&&((L=Object.create(L)).wrapped=!0),r.set(C.name,L),V==="accessor"){let{name:e}=C;return{set(t){let i=H.get.call(this);H.set.call(this,t),this.requestUpdate(e,i,L,!0,t)},init(t){return t!==void 0&&this.C(e,void 0,L,t),t}}}if(V==="setter"){let{name:e}=C;return function(t){let i=this[e];H.call(this,t),this.requestUpdate(e,i,L,!0,t)}}throw Error("Unsupported decorator location: "+V)};function f(L){return(H,C)=>typeof C=="object"?k3(L,H,C):((V,M,r)=>{let e=M.hasOwnProperty(r);return M.constructor.createProperty(r,V),e?Object.getOwnPropertyDescriptor(M,r):void 0})(L,H,C)}function g(L){return f({...L,state:!0,attribute:!1})}var Y=(L,H,C)=>(C.configurable=!0,C.enumerable=!0,Reflect.decorate&&typeof H!="object"&&Object.defineProperty(L,H,C),C);function w1(L,H){return(C,V,M)=>{let r=e=>e.renderRoot?.querySelector(L)??null;if(H){let{get:e,set:t}=typeof V=="object"?C:M??(()=>{let i=Symbol();return{get(){return this[i]},set(a){this[i]=a}}})();return Y(C,V,{get(){let i=e.call(this);return i===void 0&&(i=r(this),(i!==null||this.hasUpdated)&&t.call(this,i)),i}})}return Y(C,V,{get(){return r(this)}})}}var X={title:"Neighbourhood",tab_now:"Now",tab_plan:"Plan",tab_market:"Market",tab_proof:"Proof",tab_together:"Together",tab_settings:"Settings",tabs:"Views",choose_home:"Home",connecting:"Fetching your neighbourhood …",missing:"No home is set up yet, or it is still starting. This page shows it as soon as it is there.",offline:"Offline: as of {time}",demo:"Demo · {time}",demo_stopped:"Demo stopped at {time}",list_two:"{first} and {second}",list_more:"{names} and {count} more",give:"You give",take:"You take",none:"You need nobody",unknown:"Power unknown",to_neighbours:"to {names}",from_neighbours:"from {names}",to_somebody:"to your neighbours",from_somebody:"from your neighbours",to_grid:"to the grid",from_grid:"from the grid",none_why:"Your home looks after itself right now.",unknown_why:"The meter does not answer.",price:"Price",price_of_neighbours:"Neighbours’ price",price_of_grid:"Grid price",price_feed_in:"Paid by the grid",better_give:"{amount} more than the grid pays",better_take:"{amount} less than the grid asks",worse:"{amount} worse than the grid",same_as_grid:"the same as the grid",no_price:"nobody trades in this quarter of an hour",saved_today:"Saved today",saved_total:"{amount} since the beginning",basis_sharing:"on your bill, by sharing",basis_private:"on your bill",basis_insight:"as community credits",map:"Map of the neighbourhood",map_title:"Who supplies whom",map_final:"agreed for {from}–{to}",map_settled:"metered {from}–{to}",map_none:"No energy has been traded yet",map_hidden:"{count} smaller flows are not drawn",map_legend_live:"Beside each home: live power at its meter, ▼ taking, ▲ giving",rest_homes:"{count} more",rest_label:"{count} more homes",you:"You",home_label:"{name}, {what}",home_takes:"takes {power}",home_gives:"gives {power}",home_idle:"takes nothing",home_private:"keeps its power to itself",home_offline:"offline",home_open:"show this home",flow_label:"{from} gives {power} to {to}",flows:"Largest flows",flows_none:"Nothing flows between homes in this quarter of an hour.",alone:"You are the first here",alone_why:"As soon as neighbours join, you see here who supplies whom. Until then CommonWatt plans your own devices.",first_day:"The first day",first_day_why:"Prices, savings and origins appear as quarters of an hour are settled: {count} so far.",my_home:"Your home",solar:"Sun",battery:"Battery",uses:"Home uses",car:"Car",grid:"Meter",charging:"charging",discharging:"giving",idle:"resting",soc:"{percent} full",taking:"taking",giving:"giving",included:"part of it",close:"Close",gift:"Give energy",gift_to:"Give {name} energy",gift_how:"It flows as soon as you have some to spare, within a day. You pay the network fee.",gift_send:"Give {amount}",gift_sent:"{amount} for {name}",gift_undo:"Undo",gift_undone:"Taken back",gift_amount:"Amount",gift_choose:"To whom?",gifts:"Gifts",gifts_none:"No gifts yet. Tap a home on the map to give it energy.",gift_given:"You give {name} {amount}",gift_received:"{name} gives you {amount}",gift_moved:"{amount} have flowed",gift_waiting:"waiting for energy to spare, until {time}",gift_done:"given",gift_ended:"ended",with_this_home:"Between you today",with_none:"Nothing has been exchanged in what is shown.",plan:"The next 48 hours",plan_none:"No plan yet. It is made as soon as prices and a meter are known.",plan_sources:"Where the energy comes from",plan_uses:"Where it goes",plan_stored:"Stored",plan_price:"Grid price",plan_now:"now",plan_chart:"Plan for the next 48 hours. Left and right arrow keys move through it.",plan_legend:"What is shown",plan_next:"What happens next",plan_next_none:"Nothing has to be steered in the next two days.",plan_reason_because:"because {why}",plan_at:"at {time}",plan_goes_on:"now, until {time}",plan_steered:"The plan drives",plan_not_steered:"Advice only: no device is armed, so nothing is driven.",plan_pause:"Pause",plan_resume:"Let it drive",plan_override:"Set by hand",plan_until:"until {time}",plan_admin:"Only an administrator can change this.",series_solar:"Sun",series_grid_in:"From outside",series_grid_out:"To outside",series_load:"Home",series_in:"Into {name}",series_out:"From {name}",rung_optimal:"Best possible plan",rung_feasible:"A good plan; the time was short",rung_rounded:"An approximate plan",rung_previous:"The last good plan",rung_rule:"Plain self-consumption",kind_charge_battery:"Charge {name}",kind_discharge_battery:"Use {name}",kind_charge_car:"Charge the car",kind_discharge_car:"Use the car’s battery",kind_heat:"Heat with {name}",kind_make_hydrogen:"Make hydrogen",kind_use_hydrogen:"Use hydrogen",kind_run_appliance:"Run {name}",kind_run_generator:"Run {name}",why_surplus:"energy of your own is left over then",why_neighbours:"that energy is traded with neighbours",why_cheap:"electricity is cheapest around then",why_dear:"electricity from the grid is dear then",why_own_use:"it replaces electricity from the grid",why_sale:"feeding it in earns more than keeping it",why_departure:"the car has to be ready when it leaves",why_reserve:"you want a reserve for hours without the grid",why_in_time:"it is then done in time",market_price:"Price in the neighbourhood",market_chart:"Price of the last 24 hours. Left and right arrow keys move through it.",market_day:"Last 24 hours",market_import:"Grid asks",market_feed_in:"Grid pays",market_bought:"bought",market_sold:"sold",market_none:"The first price appears when the first quarter of an hour has been traded.",no_trade:"no trade",trades:"Your trades",trades_none:"You have not traded yet.",trade_bought:"from {name}",trade_sold:"to {name}",trade_kind_shared:"shared",trade_kind_gift:"gift",trade_kind_contract:"contract",trade_agreed:"agreed",when:"When",who:"Who",energy:"Energy",book:"The order book behind it",book_why:"Everybody’s bids and offers for {time}, without names. Where they meet is the price.",book_bids:"Wanted",book_offers:"Offered",book_none:"No book has been cleared yet.",book_chart:"Order book: wanted and offered energy by price",limits:"Your limits",limits_auto:"Automatic: you never pay more than a neighbour’s kWh saves you, and never sell below your feed-in tariff.",limits_buy:"Buy up to",limits_sell:"Sell from",limits_gift:"Gifts a day, at most",limits_save:"Save",limits_saved:"Saved",limits_none:"Limits of your own cannot be set in this version.",phase_committing:"bids are open",phase_revealing:"bids are being revealed",phase_proposing:"the book is being cleared",phase_voting:"the members agree",phase_open:"not decided yet",phase_final:"agreed",phase_void:"void",proof_title:"Where your electricity came from",proof_today:"Today",proof_month:"This month",proof_none:"Nothing has been settled yet in this time.",supplier_own:"Own roof",supplier_neighbour:"Neighbours",supplier_grid:"Grid",supplier_unknown:"Unknown",source_solar:"Sun",source_wind:"Wind",source_hydro:"Water",source_biogas:"Biogas",source_natural_gas:"Natural gas",source_hydrogen:"Hydrogen",source_grid:"Grid mix",source_unknown:"Unknown source",carbon:"Greenhouse gases today",carbon_unit:"g CO₂ per kWh",certificates:"Certificates",certificates_why:"Each says for one quarter of an hour what was produced, by whom, and that it was used once.",certificates_none:"The first certificates come with the first settled trade.",certificate_cancelled:"used",certificate_active:"valid",certificate_mine:"for you",certificate_theirs:"from you",certificate_stored:"from a battery",verify:"Verify",verified:"Genuine",verify_failed:"Does not hold",export:"Export",score:"Your score",score_none:"No season is running yet.",score_of:"of {total}",score_why:"Why",reputation:"Reliability",streak:"{count} days in a row",badges:"Badges",badges_none:"No badges yet.",missions:"Together this season",missions_none:"No mission is running.",leaderboard:"Leaderboard",leaderboard_off:"Off. Who takes part appears under a pseudonym, and only among homes alike.",leaderboard_join:"Take part",leaderboard_leave:"Take part no longer",requests:"Help wanted",requests_none:"Nobody needs help right now.",request_text:"{name} needs {amount} by {time}",request_mine:"You asked for {amount} by {time}",request_given:"{amount} promised",help:"Help with {amount}",votes:"Votes",votes_none:"No votes are open.",vote_until:"open until {time}",vote_yes:"Yes",vote_no:"No",vote_count:"{yes} yes · {no} no · {needed} needed",vote_passed:"passed",vote_failed:"rejected",vote_mine_yes:"You voted yes",vote_mine_no:"You voted no",settings:"Settings",arming:"Devices that may be driven",arming_why:"Armed devices follow the plan for a limited time; then they are given back.",arming_none:"No device of yours can be driven.",armed:"armed",armed_until:"armed until {time}",disarmed:"advice only",arm:"Arm",disarm:"Disarm",fault:"fault: {what}",privacy:"Privacy",privacy_why:"Neighbours see what this home traded, and its live power only if it shows it. Names live in a directory that can be erased.",privacy_demo:"In the demo every home shows its live power.",peers:"Members",peers_none:"No details of connections yet.",peers_online:"{online} of {members} members online",peer_faults:"{count} faults",dashboard:"Dashboard",dashboard_why:"A dashboard of these cards, under Settings › Dashboards › Add dashboard › Community dashboards.",error_unauthorized:"You may look here, but not do this.",error_unknown:"That did not work. Try again in a moment.",error_home_not_loaded:"This home is not running right now.",error_node_stopped:"The market of this home has stopped.",error_gift_oneself:"That is your own home.",error_gift_not_a_member:"This home is no longer a member.",error_gift_over_the_cap:"That is more than this home may give away in a day.",error_gift_too_many:"Too many gifts and contracts at once.",error_gift_out_of_bounds:"That is not an amount of energy.",error_gift_over:"It is too late for that.",error_certificate_unknown:"This certificate is no longer kept here.",local_share:"From neighbours today",self_sufficiency:"Without the grid today",card_map:"CommonWatt: map",card_map_about:"Who supplies whom in the neighbourhood, right now.",card_status:"CommonWatt: now",card_status_about:"Give or take, how much and at what price.",card_plan:"CommonWatt: plan",card_plan_about:"The next hours of sun, battery, car and grid.",card_market:"CommonWatt: market",card_market_about:"The neighbours’ price between what the grid asks and pays.",card_origin:"CommonWatt: origin",card_origin_about:"Where your electricity came from.",card_score:"CommonWatt: score",card_score_about:"Your score, and why.",card_votes:"CommonWatt: votes",card_votes_about:"Open votes of the community.",card_gift:"CommonWatt: gifts",card_gift_about:"Give a neighbour energy with two taps.",strategy:"CommonWatt",strategy_about:"Map, plan, market and origin of your neighbourhood, from whatever there is.",open_panel:"Open the neighbourhood"};var b1=class{constructor(H,C){this.hass=H;this.entryId=C}give(H,C){return this.ask("gift/give",{to:H,energy_wh:C})}withdraw(H){return this.ask("gift/withdraw",{gift:H})}arm(H,C){return this.ask("control/arm",{devices:H,armed:C})}verify(H){return this.ask("certificate/verify",{certificate:H.id,start:H.start})}vote(H,C){return this.call("vote",{proposal:H,approve:C})}setLimits(H){return this.call("set_limits",H)}knows(H){return this.hass.services?.commonwatt?.[H]!==void 0}call(H,C){return this.hass.callService("commonwatt",H,{config_entry_id:this.entryId,...C})}ask(H,C){return this.hass.callWS({type:`commonwatt/${H}`,entry_id:this.entryId,...C})}};function J(L,H){let{code:C,message:V}=H??{},M=`error_${String(C)}`;return M in X?L(M):typeof V=="string"&&C==="home_assistant_error"?V:L("error_unknown")}var P2="M12,5.5A3.5,3.5 0 0,1 15.5,9A3.5,3.5 0 0,1 12,12.5A3.5,3.5 0 0,1 8.5,9A3.5,3.5 0 0,1 12,5.5M5,8C5.56,8 6.08,8.15 6.53,8.42C6.38,9.85 6.8,11.27 7.66,12.38C7.16,13.34 6.16,14 5,14A3,3 0 0,1 2,11A3,3 0 0,1 5,8M19,8A3,3 0 0,1 22,11A3,3 0 0,1 19,14C17.84,14 16.84,13.34 16.34,12.38C17.2,11.27 17.62,9.85 17.47,8.42C17.92,8.15 18.44,8 19,8M5.5,18.25C5.5,16.18 8.41,14.5 12,14.5C15.59,14.5 18.5,16.18 18.5,18.25V20H5.5V18.25M0,20V18.5C0,17.11 1.89,15.94 4.45,15.6C3.86,16.28 3.5,17.22 3.5,18.25V20H0M24,20H20.5V18.25C20.5,17.22 20.14,16.28 19.55,15.6C22.11,15.94 24,17.11 24,18.5V20Z";var T2="M11,15H13V17H11V15M11,7H13V13H11V7M12,2C6.47,2 2,6.5 2,12A10,10 0 0,0 12,22A10,10 0 0,0 22,12A10,10 0 0,0 12,2M12,20A8,8 0 0,1 4,12A8,8 0 0,1 12,4A8,8 0 0,1 20,12A8,8 0 0,1 12,20Z";var _2="M9,4H15V12H19.84L12,19.84L4.16,12H9V4Z";var R2="M15,20H9V12H4.16L12,4.16L19.84,12H15V20Z";var F2="M12,3L3,8.2V21H9L11.9,18L15,21H21V8.2L12,3M7.9,20V14L10.9,17L7.9,20M8.9,13H14.9L11.9,16L8.9,13M15.9,20L12.9,17L15.9,14V20M15,11H8.8V9H15V11Z";var J1="M16 20H8V6H16M16.67 4H15V2H9V4H7.33C6.6 4 6 4.6 6 5.33V20.67C6 21.4 6.6 22 7.33 22H16.67C17.41 22 18 21.41 18 20.67V5.33C18 4.6 17.4 4 16.67 4M15 16H9V19H15V16M15 7H9V10H15V7M15 11.5H9V14.5H15V11.5Z";var C2="M18.92 2C18.72 1.42 18.16 1 17.5 1H6.5C5.84 1 5.29 1.42 5.08 2L3 8V16C3 16.55 3.45 17 4 17H5C5.55 17 6 16.55 6 16V15H18V16C18 16.55 18.45 17 19 17H20C20.55 17 21 16.55 21 16V8L18.92 2M6.5 12C5.67 12 5 11.33 5 10.5S5.67 9 6.5 9 8 9.67 8 10.5 7.33 12 6.5 12M17.5 12C16.67 12 16 11.33 16 10.5S16.67 9 17.5 9 19 9.67 19 10.5 18.33 12 17.5 12M5 7L6.5 2.5H17.5L19 7H5M7 20H11V18L17 21H13V23L7 20Z";var $2="M4,3C2.89,3 2,3.89 2,5V15A2,2 0 0,0 4,17H12V22L15,19L18,22V17H20A2,2 0 0,0 22,15V8L22,6V5A2,2 0 0,0 20,3H16V3H4M12,5L15,7L18,5V8.5L21,10L18,11.5V15L15,13L12,15V11.5L9,10L12,8.5V5M4,5H9V7H4V5M4,9H7V11H4V9M4,13H9V15H4V13Z";var D2="M3,14L3.5,14.07L8.07,9.5C7.89,8.85 8.06,8.11 8.59,7.59C9.37,6.8 10.63,6.8 11.41,7.59C11.94,8.11 12.11,8.85 11.93,9.5L14.5,12.07L15,12C15.18,12 15.35,12 15.5,12.07L19.07,8.5C19,8.35 19,8.18 19,8A2,2 0 0,1 21,6A2,2 0 0,1 23,8A2,2 0 0,1 21,10C20.82,10 20.65,10 20.5,9.93L16.93,13.5C17,13.65 17,13.82 17,14A2,2 0 0,1 15,16A2,2 0 0,1 13,14L13.07,13.5L10.5,10.93C10.18,11 9.82,11 9.5,10.93L4.93,15.5L5,16A2,2 0 0,1 3,18A2,2 0 0,1 1,16A2,2 0 0,1 3,14Z";var E2="M23,12L20.56,9.22L20.9,5.54L17.29,4.72L15.4,1.54L12,3L8.6,1.54L6.71,4.72L3.1,5.53L3.44,9.21L1,12L3.44,14.78L3.1,18.47L6.71,19.29L8.6,22.47L12,21L15.4,22.46L17.29,19.28L20.9,18.46L20.56,14.78L23,12M10,17L6,13L7.41,11.59L10,14.17L16.59,7.58L18,9L10,17Z";var N2="M19.8 22.6L17.15 20H6.5Q4.2 20 2.6 18.4T1 14.5Q1 12.58 2.19 11.08 3.38 9.57 5.25 9.15 5.33 8.95 5.4 8.76 5.5 8.57 5.55 8.35L1.4 4.2L2.8 2.8L21.2 21.2M6.5 18H15.15L7.1 9.95Q7.05 10.23 7.03 10.5 7 10.73 7 11H6.5Q5.05 11 4.03 12.03 3 13.05 3 14.5 3 15.95 4.03 17 5.05 18 6.5 18M11.13 14M21.6 18.75L20.15 17.35Q20.58 17 20.79 16.54 21 16.08 21 15.5 21 14.45 20.27 13.73 19.55 13 18.5 13H17V11Q17 8.93 15.54 7.46 14.08 6 12 6 11.33 6 10.7 6.16 10.07 6.33 9.5 6.68L8.05 5.23Q8.93 4.63 9.91 4.31 10.9 4 12 4 14.93 4 16.96 6.04 19 8.07 19 11 20.73 11.2 21.86 12.5 23 13.78 23 15.5 23 16.5 22.63 17.31 22.25 18.15 21.6 18.75M14.83 12.03Z";var W2="M2,21H20V19H2M20,8H18V5H20M20,3H4V13A4,4 0 0,0 8,17H14A4,4 0 0,0 18,13V10H20A2,2 0 0,0 22,8V5C22,3.89 21.1,3 20,3Z";var I2="M12,15.5A3.5,3.5 0 0,1 8.5,12A3.5,3.5 0 0,1 12,8.5A3.5,3.5 0 0,1 15.5,12A3.5,3.5 0 0,1 12,15.5M19.43,12.97C19.47,12.65 19.5,12.33 19.5,12C19.5,11.67 19.47,11.34 19.43,11L21.54,9.37C21.73,9.22 21.78,8.95 21.66,8.73L19.66,5.27C19.54,5.05 19.27,4.96 19.05,5.05L16.56,6.05C16.04,5.66 15.5,5.32 14.87,5.07L14.5,2.42C14.46,2.18 14.25,2 14,2H10C9.75,2 9.54,2.18 9.5,2.42L9.13,5.07C8.5,5.32 7.96,5.66 7.44,6.05L4.95,5.05C4.73,4.96 4.46,5.05 4.34,5.27L2.34,8.73C2.21,8.95 2.27,9.22 2.46,9.37L4.57,11C4.53,11.34 4.5,11.67 4.5,12C4.5,12.33 4.53,12.65 4.57,12.97L2.46,14.63C2.27,14.78 2.21,15.05 2.34,15.27L4.34,18.73C4.46,18.95 4.73,19.03 4.95,18.95L7.44,17.94C7.96,18.34 8.5,18.68 9.13,18.93L9.5,21.58C9.54,21.82 9.75,22 10,22H14C14.25,22 14.46,21.82 14.5,21.58L14.87,18.93C15.5,18.67 16.04,18.34 16.56,17.94L19.05,18.95C19.27,19.03 19.54,18.95 19.66,18.73L21.66,15.27C21.78,15.05 21.73,14.78 21.54,14.63L19.43,12.97Z";var U2="M16,12A2,2 0 0,1 18,10A2,2 0 0,1 20,12A2,2 0 0,1 18,14A2,2 0 0,1 16,12M10,12A2,2 0 0,1 12,10A2,2 0 0,1 14,12A2,2 0 0,1 12,14A2,2 0 0,1 10,12M4,12A2,2 0 0,1 6,10A2,2 0 0,1 8,12A2,2 0 0,1 6,14A2,2 0 0,1 4,12Z";var G2="M5,20H19V18H5M19,9H15V3H9V9H5L12,16L19,9Z";var Q2="M7,2V13H10V22L17,10H13L17,2H7Z";var z2="M9.06,1.93C7.17,1.92 5.33,3.74 6.17,6H3A2,2 0 0,0 1,8V10A1,1 0 0,0 2,11H11V8H13V11H22A1,1 0 0,0 23,10V8A2,2 0 0,0 21,6H17.83C19,2.73 14.6,0.42 12.57,3.24L12,4L11.43,3.22C10.8,2.33 9.93,1.94 9.06,1.93M9,4C9.89,4 10.34,5.08 9.71,5.71C9.08,6.34 8,5.89 8,5A1,1 0 0,1 9,4M15,4C15.89,4 16.34,5.08 15.71,5.71C15.08,6.34 14,5.89 14,5A1,1 0 0,1 15,4M2,12V20A2,2 0 0,0 4,22H20A2,2 0 0,0 22,20V12H13V20H11V12H2Z";var q2="M13.78 15.3L19.78 21.3L21.89 19.14L15.89 13.14L13.78 15.3M17.5 10.1C17.11 10.1 16.69 10.05 16.36 9.91L4.97 21.25L2.86 19.14L10.27 11.74L8.5 9.96L7.78 10.66L6.33 9.25V12.11L5.63 12.81L2.11 9.25L2.81 8.55H5.62L4.22 7.14L7.78 3.58C8.95 2.41 10.83 2.41 12 3.58L9.89 5.74L11.3 7.14L10.59 7.85L12.38 9.63L14.2 7.75C14.06 7.42 14 7 14 6.63C14 4.66 15.56 3.11 17.5 3.11C18.09 3.11 18.61 3.25 19.08 3.53L16.41 6.2L17.91 7.7L20.58 5.03C20.86 5.5 21 6 21 6.63C21 8.55 19.45 10.1 17.5 10.1Z";var K2="M20 17Q20.86 17 21.45 17.6T22.03 19L14 22L7 20V11H8.95L16.22 13.69Q17 14 17 14.81 17 15.28 16.66 15.63T15.8 16H13L11.25 15.33L10.92 16.27L13 17H20M16 3.23Q17.06 2 18.7 2 20.06 2 21 3T22 5.3Q22 6.33 21 7.76T19.03 10.15 16 13Q13.92 11.11 12.94 10.15T10.97 7.76 10 5.3Q10 3.94 10.97 3T13.31 2Q14.91 2 16 3.23M.984 11H5V22H.984V11Z";var H2="M19 3H5C3.9 3 3 3.9 3 5V19C3 20.1 3.9 21 5 21H19C20.1 21 21 20.1 21 19V5C21 3.9 20.1 3 19 3M12.75 7.08C13.57 7.2 14.32 7.5 14.95 8L12.75 10.19V7.08M11.25 7.08V10.19L9.05 8C9.68 7.5 10.43 7.2 11.25 7.08M8 9.05L10.19 11.25H7.08C7.2 10.43 7.5 9.68 8 9.05M7.08 12.75H10.19L8 14.95C7.5 14.32 7.2 13.57 7.08 12.75M11.25 16.92C10.43 16.8 9.68 16.5 9.05 16L11.25 13.81V16.92M12 13C11.45 13 11 12.55 11 12S11.45 11 12 11 13 11.45 13 12 12.55 13 12 13M12.75 16.92V13.81L14.95 16C14.32 16.5 13.57 16.8 12.75 16.92M16 14.95L13.81 12.75H16.92C16.8 13.57 16.5 14.32 16 14.95M13.81 11.25L16 9.05C16.5 9.69 16.8 10.44 16.92 11.25H13.81Z";var j2="M10,20V14H14V20H19V12H22L12,3L2,12H5V20H10Z",Y2="M12,3L2,12H5V20H19V12H22L12,3M12,8.75A2.25,2.25 0 0,1 14.25,11A2.25,2.25 0 0,1 12,13.25A2.25,2.25 0 0,1 9.75,11A2.25,2.25 0 0,1 12,8.75M12,15C13.5,15 16.5,15.75 16.5,17.25V18H7.5V17.25C7.5,15.75 10.5,15 12,15Z";var X2="M12 20L5 20V12H2L12 3L14.78 5.5H14V7.17C12.84 7.58 12 8.7 12 10V20M15 9H16V7.5H20V9H21C21.55 9 22 9.45 22 10V21C22 21.55 21.55 22 21 22H15C14.45 22 14 21.55 14 21V10C14 9.45 14.45 9 15 9M16 11V14H20V11H16Z";var J2="M0,21V10L7.5,5L15,10V21H10V14H5V21H0M24,2V21H17V8.93L16,8.27V6H14V6.93L10,4.27V2H24M21,14H19V16H21V14M21,10H19V12H21V10M21,6H19V8H21V6Z";var C5="M17,16H15V22H12V17H8V22H5V16H3L10,10L17,16M6,2L10,6H9V9H7V6H5V9H3V6H2L6,2M18,3L23,8H22V12H19V9H17V12H15.34L14,10.87V8H13L18,3Z";var V2="M2,12L12,3L22,12H19V20H5V12H2M12,18L12.72,17.34C15.3,15 17,13.46 17,11.57C17,10.03 15.79,8.82 14.25,8.82C13.38,8.82 12.55,9.23 12,9.87C11.45,9.23 10.62,8.82 9.75,8.82C8.21,8.82 7,10.03 7,11.57C7,13.46 8.7,15 11.28,17.34L12,18Z";var H5="M6 3C4.89 3 4 3.9 4 5V21H14V13.5H15.5V18.5C15.5 19.88 16.62 21 18 21S20.5 19.88 20.5 18.5V9C20.5 8.31 20.22 7.68 19.77 7.23L19.78 7.22L16.06 3.5L15 4.56L17.11 6.67C16.17 7.03 15.5 7.93 15.5 9C15.5 10.38 16.62 11.5 18 11.5C18.36 11.5 18.69 11.42 19 11.29V18.5C19 19.05 18.55 19.5 18 19.5S17 19.05 17 18.5V14C17 12.9 16.11 12 15 12H14V5C14 3.9 13.11 3 12 3H6M6 7H8V11H10V7H12V17H10V13H8V17H6V7M18 8C18.55 8 19 8.45 19 9S18.55 10 18 10 17 9.55 17 9 17.45 8 18 8Z";var V5="M17,8C8,10 5.9,16.17 3.82,21.34L5.71,22L6.66,19.7C7.14,19.87 7.64,20 8,20C19,20 22,3 22,3C21,5 14,5.25 9,6.25C4,7.25 2,11.5 2,13.5C2,15.5 3.75,17.25 3.75,17.25C7,8 17,8 17,8Z";var L5="M19,13H5V11H19V13Z";var M5="M14,19H18V5H14M6,19H10V5H6V19Z";var r5="M8,5.14V19.14L19,12.14L8,5.14Z";var e5="M12,3C10.73,3 9.6,3.8 9.18,5H3V7H4.95L2,14C1.53,16 3,17 5.5,17C8,17 9.56,16 9,14L6.05,7H9.17C9.5,7.85 10.15,8.5 11,8.83V20H2V22H22V20H13V8.82C13.85,8.5 14.5,7.85 14.82,7H17.95L15,14C14.53,16 16,17 18.5,17C21,17 22.56,16 22,14L19.05,7H21V5H14.83C14.4,3.8 13.27,3 12,3M12,5A1,1 0 0,1 13,6A1,1 0 0,1 12,7A1,1 0 0,1 11,6A1,1 0 0,1 12,5M5.5,10.25L7,14H4L5.5,10.25M18.5,10.25L20,14H17L18.5,10.25Z";var t5="M12,3L1,9L12,15L21,10.09V17H23V9M5,13.18V17.18L12,21L19,17.18V13.18L12,17L5,13.18Z";var i5="M10,17L6,13L7.41,11.59L10,14.17L16.59,7.58L18,9M12,1L3,5V11C3,16.55 6.84,21.74 12,23C17.16,21.74 21,16.55 21,11V5L12,1Z";var o5="M11.45,2V5.55L15,3.77L11.45,2M10.45,8L8,10.46L11.75,11.71L10.45,8M2,11.45L3.77,15L5.55,11.45H2M10,2H2V10C2.57,10.17 3.17,10.25 3.77,10.25C7.35,10.26 10.26,7.35 10.27,3.75C10.26,3.16 10.17,2.57 10,2M17,22V16H14L19,7V13H22L17,22Z",a5="M3.33 16H11V13H4L3.33 16M13 16H20.67L20 13H13V16M21.11 18H13V22H22L21.11 18M2 22H11V18H2.89L2 22M11 8H13V11H11V8M15.76 7.21L17.18 5.79L19.3 7.91L17.89 9.33L15.76 7.21M4.71 7.91L6.83 5.79L8.24 7.21L6.12 9.33L4.71 7.91M3 2H6V4H3V2M18 2H21V4H18V2M12 7C14.76 7 17 4.76 17 2H7C7 4.76 9.24 7 12 7Z";var A5="M12,17.27L18.18,21L16.54,13.97L22,9.24L14.81,8.62L12,2L9.19,8.62L2,9.24L7.45,13.97L5.82,21L12,17.27Z";var d5="M8.28,5.45L6.5,4.55L7.76,2H16.23L17.5,4.55L15.72,5.44L15,4H9L8.28,5.45M18.62,8H14.09L13.3,5H10.7L9.91,8H5.38L4.1,10.55L5.89,11.44L6.62,10H17.38L18.1,11.45L19.89,10.56L18.62,8M17.77,22H15.7L15.46,21.1L12,15.9L8.53,21.1L8.3,22H6.23L9.12,11H11.19L10.83,12.35L12,14.1L13.16,12.35L12.81,11H14.88L17.77,22M11.4,15L10.5,13.65L9.32,18.13L11.4,15M14.68,18.12L13.5,13.64L12.6,15L14.68,18.12Z";var n5="M18,13H17.32L15.32,15H17.23L19,17H5L6.78,15H8.83L6.83,13H6L3,16V20A2,2 0 0,0 5,22H19A2,2 0 0,0 21,20V16L18,13M17,7.95L12.05,12.9L8.5,9.36L13.46,4.41L17,7.95M12.76,2.29L6.39,8.66C6,9.05 6,9.68 6.39,10.07L11.34,15C11.73,15.41 12.36,15.41 12.75,15L19.11,8.66C19.5,8.27 19.5,7.64 19.11,7.25L14.16,2.3C13.78,1.9 13.15,1.9 12.76,2.29Z";var p5="M14.83,11.17C16.39,12.73 16.39,15.27 14.83,16.83C13.27,18.39 10.73,18.39 9.17,16.83L14.83,11.17M6,2H18A2,2 0 0,1 20,4V20A2,2 0 0,1 18,22H6A2,2 0 0,1 4,20V4A2,2 0 0,1 6,2M7,4A1,1 0 0,0 6,5A1,1 0 0,0 7,6A1,1 0 0,0 8,5A1,1 0 0,0 7,4M10,4A1,1 0 0,0 9,5A1,1 0 0,0 10,6A1,1 0 0,0 11,5A1,1 0 0,0 10,4M12,8A6,6 0 0,0 6,14A6,6 0 0,0 12,20A6,6 0 0,0 18,14A6,6 0 0,0 12,8Z";var m5="M17.75,4.09L15.22,6.03L16.13,9.09L13.5,7.28L10.87,9.09L11.78,6.03L9.25,4.09L12.44,4L13.5,1L14.56,4L17.75,4.09M21.25,11L19.61,12.25L20.2,14.23L18.5,13.06L16.8,14.23L17.39,12.25L15.75,11L17.81,10.95L18.5,9L19.19,10.95L21.25,11M18.97,15.95C19.8,15.87 20.69,17.05 20.16,17.8C19.84,18.25 19.5,18.67 19.08,19.07C15.17,23 8.84,23 4.94,19.07C1.03,15.17 1.03,8.83 4.94,4.93C5.34,4.53 5.76,4.17 6.21,3.85C6.96,3.32 8.14,4.21 8.06,5.04C7.79,7.9 8.75,10.87 10.95,13.06C13.14,15.26 16.1,16.22 18.97,15.95M17.33,17.97C14.5,17.81 11.7,16.64 9.53,14.5C7.36,12.31 6.2,9.5 6.04,6.68C3.23,9.82 3.34,14.64 6.35,17.66C9.37,20.67 14.19,20.78 17.33,17.97Z";var l5="M13.33,11.67L16.21,14.58C17.62,13.16 16.21,11.75 16.21,11.75L14.72,10.24C14.9,9.86 15,9.44 15,9C15,7.95 14.46,7.03 13.64,6.5L15,2.11C13.09,1.53 12.5,3.44 12.5,3.44L11.69,6.03C10.46,6.16 9.46,7 9.13,8.18L4.67,9.63C5.31,11.53 7.2,10.9 7.2,10.9L9.27,10.23C9.61,10.97 10.23,11.54 11,11.82V19C11,19 9,19 9,21C9,21.5 9,21.81 9,22H15V21C15,21 15,19 13,19V11.82C13.12,11.78 13.23,11.72 13.33,11.67M10.5,9A1.5,1.5 0 0,1 12,7.5A1.5,1.5 0 0,1 13.5,9A1.5,1.5 0 0,1 12,10.5A1.5,1.5 0 0,1 10.5,9Z";var v1={action_battery:J1,action_car:C2,action_heat:H2,action_hydrogen:H5,action_appliance:p5,alert:T2,battery:J1,car:C2,certificate:$2,check:E2,download:G2,flash:Q2,gift:z2,give:R2,grid:d5,help:K2,leaf:V5,market:e5,none:L5,now:C5,offline:N2,pause:M5,plan:D2,play:r5,proof:i5,rest:U2,settings:I2,solar:o5,star:A5,take:_2,together:P2,uses:V2,vote:n5,home:j2,cafe:W2,family:Y2,farm:F2,flat:J2,heat_pump:H2,night_shift:m5,retired:V2,school:t5,solar_battery:X2,turbine:l5,workshop:q2,sun_home:a5};function Z(L,H=24){return o`<svg class="icon" viewBox="0 0 24 24" width=${H} height=${H} aria-hidden="true">
<path d=${v1[L]} fill="currentColor"></path>
</svg>`}function L2(L,H,C,V){let M=V/24;return x`<path d=${L} transform="translate(${H-V/2} ${C-V/2}) scale(${M})"></path>`}function v5(L){let H=L.replace(/_\d+$/,"");return v1[H]??v1.home}var x1=class{constructor(H,C,V){this.language=H;this.currency=C;this.numbers=new Map;this.times=new Intl.DateTimeFormat(H,{hour:"2-digit",minute:"2-digit",timeZone:V}),this.days=new Intl.DateTimeFormat(H,{weekday:"short",timeZone:V}),this.calendarDays=new Intl.DateTimeFormat(H,{day:"numeric",month:"short",timeZone:V})}number(H,C){return this.formatter(`n${C}`,{minimumFractionDigits:C,maximumFractionDigits:C}).format(H)}power(H){if(H==null)return{value:"–",unit:""};let C=Math.abs(H);return C<1e3?{value:this.number(Math.round(C),0),unit:"W"}:{value:this.number(C/1e3,C<1e5?1:0),unit:"kW"}}energy(H){if(H==null)return{value:"–",unit:""};let C=Math.abs(H);return C<1e3?{value:this.number(Math.round(C),0),unit:"Wh"}:{value:this.number(C/1e3,C<1e4?2:1),unit:"kWh"}}price(H){if(H==null)return{value:"–",unit:""};let C=P3[this.currency];return C?{value:this.number(H/1e6*100,1),unit:`${C}/kWh`}:{value:this.number(H/1e6,3),unit:`${this.currency}/kWh`}}money(H){return H==null?"–":this.formatter("money",{style:"currency",currency:this.currency}).format(H/1e9)}percent(H){return H==null?"–":this.formatter("percent",{style:"percent",maximumFractionDigits:0}).format(H/1e6)}time(H){return this.times.format(H)}day(H){return this.days.format(H)}date(H){return this.calendarDays.format(H)}moment(H,C){return this.calendarDays.format(H)===this.calendarDays.format(C)?this.time(H):`${this.day(H)} ${this.time(H)}`}formatter(H,C){let V=this.numbers.get(H);return V||this.numbers.set(H,V=new Intl.NumberFormat(this.language,C)),V}},P3={EUR:"ct",USD:"¢",CAD:"¢",AUD:"¢",NZD:"¢",GBP:"p",CHF:"Rp.",SEK:"öre",NOK:"øre",DKK:"øre",PLN:"gr"};function v({value:L,unit:H}){return H?`${L} ${H}`:L}var x5={title:"Neighbourhood",tab_now:"Now",tab_plan:"Plan",tab_market:"Market",tab_proof:"Proof",tab_together:"Together",tab_settings:"Settings",tabs:"Views",choose_home:"Home",connecting:"Fetching your neighbourhood …",missing:"No home is set up yet, or it is still starting. This page shows it as soon as it is there.",offline:"Offline: as of {time}",demo:"Demo · {time}",demo_stopped:"Demo stopped at {time}",list_two:"{first} and {second}",list_more:"{names} and {count} more",give:"You give",take:"You take",none:"You need nobody",unknown:"Power unknown",to_neighbours:"to {names}",from_neighbours:"from {names}",to_somebody:"to your neighbours",from_somebody:"from your neighbours",to_grid:"to the grid",from_grid:"from the grid",none_why:"Your home looks after itself right now.",unknown_why:"The meter does not answer.",price:"Price",price_of_neighbours:"Neighbours’ price",price_of_grid:"Grid price",price_feed_in:"Paid by the grid",better_give:"{amount} more than the grid pays",better_take:"{amount} less than the grid asks",worse:"{amount} worse than the grid",same_as_grid:"the same as the grid",no_price:"nobody trades in this quarter of an hour",saved_today:"Saved today",saved_total:"{amount} since the beginning",basis_sharing:"on your bill, by sharing",basis_private:"on your bill",basis_insight:"as community credits",map:"Map of the neighbourhood",map_title:"Who supplies whom",map_final:"agreed for {from}–{to}",map_settled:"metered {from}–{to}",map_none:"No energy has been traded yet",map_hidden:"{count} smaller flows are not drawn",map_legend_live:"Beside each home: live power at its meter, ▼ taking, ▲ giving",rest_homes:"{count} more",rest_label:"{count} more homes",you:"You",home_label:"{name}, {what}",home_takes:"takes {power}",home_gives:"gives {power}",home_idle:"takes nothing",home_private:"keeps its power to itself",home_offline:"offline",home_open:"show this home",flow_label:"{from} gives {power} to {to}",flows:"Largest flows",flows_none:"Nothing flows between homes in this quarter of an hour.",alone:"You are the first here",alone_why:"As soon as neighbours join, you see here who supplies whom. Until then CommonWatt plans your own devices.",first_day:"The first day",first_day_why:"Prices, savings and origins appear as quarters of an hour are settled: {count} so far.",my_home:"Your home",solar:"Sun",battery:"Battery",uses:"Home uses",car:"Car",grid:"Meter",charging:"charging",discharging:"giving",idle:"resting",soc:"{percent} full",taking:"taking",giving:"giving",included:"part of it",close:"Close",gift:"Give energy",gift_to:"Give {name} energy",gift_how:"It flows as soon as you have some to spare, within a day. You pay the network fee.",gift_send:"Give {amount}",gift_sent:"{amount} for {name}",gift_undo:"Undo",gift_undone:"Taken back",gift_amount:"Amount",gift_choose:"To whom?",gifts:"Gifts",gifts_none:"No gifts yet. Tap a home on the map to give it energy.",gift_given:"You give {name} {amount}",gift_received:"{name} gives you {amount}",gift_moved:"{amount} have flowed",gift_waiting:"waiting for energy to spare, until {time}",gift_done:"given",gift_ended:"ended",with_this_home:"Between you today",with_none:"Nothing has been exchanged in what is shown.",plan:"The next 48 hours",plan_none:"No plan yet. It is made as soon as prices and a meter are known.",plan_sources:"Where the energy comes from",plan_uses:"Where it goes",plan_stored:"Stored",plan_price:"Grid price",plan_now:"now",plan_chart:"Plan for the next 48 hours. Left and right arrow keys move through it.",plan_legend:"What is shown",plan_next:"What happens next",plan_next_none:"Nothing has to be steered in the next two days.",plan_reason_because:"because {why}",plan_at:"at {time}",plan_goes_on:"now, until {time}",plan_steered:"The plan drives",plan_not_steered:"Advice only: no device is armed, so nothing is driven.",plan_pause:"Pause",plan_resume:"Let it drive",plan_override:"Set by hand",plan_until:"until {time}",plan_admin:"Only an administrator can change this.",series_solar:"Sun",series_grid_in:"From outside",series_grid_out:"To outside",series_load:"Home",series_in:"Into {name}",series_out:"From {name}",rung_optimal:"Best possible plan",rung_feasible:"A good plan; the time was short",rung_rounded:"An approximate plan",rung_previous:"The last good plan",rung_rule:"Plain self-consumption",kind_charge_battery:"Charge {name}",kind_discharge_battery:"Use {name}",kind_charge_car:"Charge the car",kind_discharge_car:"Use the car’s battery",kind_heat:"Heat with {name}",kind_make_hydrogen:"Make hydrogen",kind_use_hydrogen:"Use hydrogen",kind_run_appliance:"Run {name}",kind_run_generator:"Run {name}",why_surplus:"energy of your own is left over then",why_neighbours:"that energy is traded with neighbours",why_cheap:"electricity is cheapest around then",why_dear:"electricity from the grid is dear then",why_own_use:"it replaces electricity from the grid",why_sale:"feeding it in earns more than keeping it",why_departure:"the car has to be ready when it leaves",why_reserve:"you want a reserve for hours without the grid",why_in_time:"it is then done in time",market_price:"Price in the neighbourhood",market_chart:"Price of the last 24 hours. Left and right arrow keys move through it.",market_day:"Last 24 hours",market_import:"Grid asks",market_feed_in:"Grid pays",market_bought:"bought",market_sold:"sold",market_none:"The first price appears when the first quarter of an hour has been traded.",no_trade:"no trade",trades:"Your trades",trades_none:"You have not traded yet.",trade_bought:"from {name}",trade_sold:"to {name}",trade_kind_shared:"shared",trade_kind_gift:"gift",trade_kind_contract:"contract",trade_agreed:"agreed",when:"When",who:"Who",energy:"Energy",book:"The order book behind it",book_why:"Everybody’s bids and offers for {time}, without names. Where they meet is the price.",book_bids:"Wanted",book_offers:"Offered",book_none:"No book has been cleared yet.",book_chart:"Order book: wanted and offered energy by price",limits:"Your limits",limits_auto:"Automatic: you never pay more than a neighbour’s kWh saves you, and never sell below your feed-in tariff.",limits_buy:"Buy up to",limits_sell:"Sell from",limits_gift:"Gifts a day, at most",limits_save:"Save",limits_saved:"Saved",limits_none:"Limits of your own cannot be set in this version.",phase_committing:"bids are open",phase_revealing:"bids are being revealed",phase_proposing:"the book is being cleared",phase_voting:"the members agree",phase_open:"not decided yet",phase_final:"agreed",phase_void:"void",proof_title:"Where your electricity came from",proof_today:"Today",proof_month:"This month",proof_none:"Nothing has been settled yet in this time.",supplier_own:"Own roof",supplier_neighbour:"Neighbours",supplier_grid:"Grid",supplier_unknown:"Unknown",source_solar:"Sun",source_wind:"Wind",source_hydro:"Water",source_biogas:"Biogas",source_natural_gas:"Natural gas",source_hydrogen:"Hydrogen",source_grid:"Grid mix",source_unknown:"Unknown source",carbon:"Greenhouse gases today",carbon_unit:"g CO₂ per kWh",certificates:"Certificates",certificates_why:"Each says for one quarter of an hour what was produced, by whom, and that it was used once.",certificates_none:"The first certificates come with the first settled trade.",certificate_cancelled:"used",certificate_active:"valid",certificate_mine:"for you",certificate_theirs:"from you",certificate_stored:"from a battery",verify:"Verify",verified:"Genuine",verify_failed:"Does not hold",export:"Export",score:"Your score",score_none:"No season is running yet.",score_of:"of {total}",score_why:"Why",reputation:"Reliability",streak:"{count} days in a row",badges:"Badges",badges_none:"No badges yet.",missions:"Together this season",missions_none:"No mission is running.",leaderboard:"Leaderboard",leaderboard_off:"Off. Who takes part appears under a pseudonym, and only among homes alike.",leaderboard_join:"Take part",leaderboard_leave:"Take part no longer",requests:"Help wanted",requests_none:"Nobody needs help right now.",request_text:"{name} needs {amount} by {time}",request_mine:"You asked for {amount} by {time}",request_given:"{amount} promised",help:"Help with {amount}",votes:"Votes",votes_none:"No votes are open.",vote_until:"open until {time}",vote_yes:"Yes",vote_no:"No",vote_count:"{yes} yes · {no} no · {needed} needed",vote_passed:"passed",vote_failed:"rejected",vote_mine_yes:"You voted yes",vote_mine_no:"You voted no",settings:"Settings",arming:"Devices that may be driven",arming_why:"Armed devices follow the plan for a limited time; then they are given back.",arming_none:"No device of yours can be driven.",armed:"armed",armed_until:"armed until {time}",disarmed:"advice only",arm:"Arm",disarm:"Disarm",fault:"fault: {what}",privacy:"Privacy",privacy_why:"Neighbours see what this home traded, and its live power only if it shows it. Names live in a directory that can be erased.",privacy_demo:"In the demo every home shows its live power.",peers:"Members",peers_none:"No details of connections yet.",peers_online:"{online} of {members} members online",peer_faults:"{count} faults",dashboard:"Dashboard",dashboard_why:"A dashboard of these cards, under Settings › Dashboards › Add dashboard › Community dashboards.",error_unauthorized:"You may look here, but not do this.",error_unknown:"That did not work. Try again in a moment.",error_home_not_loaded:"This home is not running right now.",error_node_stopped:"The market of this home has stopped.",error_gift_oneself:"That is your own home.",error_gift_not_a_member:"This home is no longer a member.",error_gift_over_the_cap:"That is more than this home may give away in a day.",error_gift_too_many:"Too many gifts and contracts at once.",error_gift_out_of_bounds:"That is not an amount of energy.",error_gift_over:"It is too late for that.",error_certificate_unknown:"This certificate is no longer kept here.",local_share:"From neighbours today",self_sufficiency:"Without the grid today",card_map:"CommonWatt: map",card_map_about:"Who supplies whom in the neighbourhood, right now.",card_status:"CommonWatt: now",card_status_about:"Give or take, how much and at what price.",card_plan:"CommonWatt: plan",card_plan_about:"The next hours of sun, battery, car and grid.",card_market:"CommonWatt: market",card_market_about:"The neighbours’ price between what the grid asks and pays.",card_origin:"CommonWatt: origin",card_origin_about:"Where your electricity came from.",card_score:"CommonWatt: score",card_score_about:"Your score, and why.",card_votes:"CommonWatt: votes",card_votes_about:"Open votes of the community.",card_gift:"CommonWatt: gifts",card_gift_about:"Give a neighbour energy with two taps.",strategy:"CommonWatt",strategy_about:"Map, plan, market and origin of your neighbourhood, from whatever there is.",open_panel:"Open the neighbourhood"};var _3={en:X,fr:x5};function M2(L){let H=_3[L.split("-")[0]??"en"]??X;return(C,V)=>{let M=H[C]??X[C]??C;return V?M.replace(/\{(\w+)\}/g,(r,e)=>String(V[e]??r)):M}}function E(L,H,C){let V=`${H}_${C}`;return V in X?L(V):C.replaceAll("_"," ")}function s5(L,H,C=2){let[V="",M=""]=H;if(H.length<=1)return V;if(H.length===2)return L("list_two",{first:V,second:M});let r=H.slice(0,C).join(", ");return L("list_more",{names:r,count:H.length-C})}function R3(L){return{language:L.locale?.language??L.language??"en",timeZone:L.config?.time_zone}}var y1=class{constructor(){this.key="";this.t=M2("en");this.f=new x1("en","EUR",void 0)}words(H){return this.learn(H,"EUR"),this.t}make(H,C,V){let M=C.snapshot;if(!M)return;this.learn(H,M.home.currency);let r=new b1(H,M.home.entry_id);return{s:M,t:this.t,f:this.f,act:r,offline:C.phase!=="live",narrow:V}}learn(H,C){let{language:V,timeZone:M}=R3(H),r=[V,C,M].join();r!==this.key&&(this.key=r,this.t=M2(V),this.f=new x1(V,C,M))}};function b(L,H){let C=L.s.homes.find(V=>V.id===H);return C?.me?L.t("you"):C?.name??H.slice(0,6)}function k1(L){return L.s.homes.find(H=>H.me)}var r2=class{constructor(H,C,V=2e3){this.connection=H;this.entryId=C;this.retryMs=V;this.state={phase:"connecting",snapshot:void 0};this.listeners=new Set;this.attempt=0;this.ready=()=>this.begin();this.lost=()=>this.set({...this.state,phase:"offline"})}subscribe(H){return this.listeners.size===0&&this.open(),this.listeners.add(H),H(this.state),()=>{this.listeners.delete(H)&&this.listeners.size===0&&this.close()}}open(){this.connection.addEventListener("ready",this.ready),this.connection.addEventListener("disconnected",this.lost),this.begin()}close(){this.attempt++,clearTimeout(this.timer),this.connection.removeEventListener("ready",this.ready),this.connection.removeEventListener("disconnected",this.lost),this.stop?.(),this.stop=void 0}async begin(){clearTimeout(this.timer);let H=++this.attempt;try{let C=await this.connection.subscribeMessage(V=>H===this.attempt&&this.take(V),this.entryId===void 0?{type:"commonwatt/live"}:{type:"commonwatt/live",entry_id:this.entryId},{resubscribe:!1});H===this.attempt?this.stop=C:C()}catch{H===this.attempt&&this.again("missing")}}take(H){H.closed?this.again("offline"):H.snapshot?this.set({phase:"live",snapshot:H.snapshot}):H.delta&&this.state.snapshot&&this.set({phase:"live",snapshot:{...this.state.snapshot,...H.delta}})}again(H){let C=this.state.snapshot!==void 0;this.set({...this.state,phase:C?"offline":H}),this.timer=setTimeout(()=>{this.begin()},this.retryMs)}set(H){this.state=H;for(let C of this.listeners)C(H)}},Z5=new WeakMap;function u5(L,H){let C=Z5.get(L);C||Z5.set(L,C=new Map);let V=H??"",M=C.get(V);return M||C.set(V,M=new r2(L,H)),M}var U=class extends O{constructor(){super(...arguments);this.live={phase:"connecting",snapshot:void 0};this.drawn="";this.narrow=!1;this.dark=!1;this.maker=new y1}set hass(C){let V=this.current===void 0;this.current=C,this.dark=C.themes?.darkMode??!1,this.drawn=[C.locale?.language??C.language,C.config?.time_zone,this.dark].join(),V&&this.follow()}get hass(){return this.current}show(C){C!==this.wanted&&(this.wanted=C,this.follow())}get shownEntry(){return this.wanted??this.live.snapshot?.home.entry_id}context(){return this.current&&this.maker.make(this.current,this.live,this.narrow)}connectedCallback(){super.connectedCallback(),this.follow()}disconnectedCallback(){super.disconnectedCallback(),this.unfollow()}shouldUpdate(C){return this.current!==void 0&&C.size>0}follow(){if(!this.isConnected||!this.current)return;let C=u5(this.current.connection,this.wanted);C===this.store&&this.unsubscribe||(this.unfollow(),this.store=C,this.unsubscribe=C.subscribe(V=>this.live=V))}unfollow(){this.unsubscribe?.(),this.unsubscribe=void 0}};l([g()],U.prototype,"live",2),l([g()],U.prototype,"drawn",2),l([f({type:Boolean,reflect:!0})],U.prototype,"narrow",2),l([f({type:Boolean,reflect:!0})],U.prototype,"dark",2);var P=S`
:host {
--cw-accent: var(--commonwatt-accent-color, #0b7a6b);
--cw-on-accent: #ffffff;
--cw-solar: var(--energy-solar-color, #ff9800);
--cw-grid: var(--energy-grid-consumption-color, #488fc2);
--cw-grid-out: var(--energy-grid-return-color, #8353d1);
--cw-battery-in: var(--energy-battery-in-color, #f06292);
--cw-battery-out: var(--energy-battery-out-color, #4db6ac);
--cw-text: var(--primary-text-color, #212121);
--cw-quiet: var(--secondary-text-color, #5e5e5e);
--cw-line: var(--divider-color, rgba(0, 0, 0, 0.12));
--cw-card: var(--ha-card-background, var(--card-background-color, #fff));
--cw-tint: color-mix(in srgb, var(--cw-accent) 12%, transparent);
color: var(--cw-text);
font-family: var(--ha-font-family-body, Roboto, Noto, sans-serif);
-webkit-font-smoothing: antialiased;
}
:host([dark]) {
--cw-accent: var(--commonwatt-accent-color, #4fd1bd);
--cw-on-accent: #00201b;
}
`,T=S`
* {
box-sizing: border-box;
}
h1,
h2,
h3,
p,
ul,
ol,
dl,
dd,
figure {
margin: 0;
padding: 0;
}
ul,
ol {
list-style: none;
}
h2 {
font-size: 18px;
font-weight: 500;
line-height: 24px;
letter-spacing: -0.005em;
}
h3 {
font-size: 14px;
font-weight: 500;
line-height: 20px;
}
.card {
background: var(--cw-card);
border: var(--ha-card-border-width, 1px) solid var(--ha-card-border-color, var(--cw-line));
border-radius: var(--ha-card-border-radius, 12px);
box-shadow: var(--ha-card-box-shadow, none);
padding: 20px;
min-width: 0;
}
.head {
display: flex;
flex-wrap: wrap;
align-items: baseline;
justify-content: space-between;
gap: 2px 16px;
margin-bottom: 14px;
}
.quiet {
color: var(--cw-quiet);
}
.small {
font-size: 13px;
line-height: 18px;
}
.num {
font-variant-numeric: tabular-nums;
white-space: nowrap;
}
.icon {
display: block;
flex: none;
}
.empty {
color: var(--cw-quiet);
font-size: 14px;
line-height: 20px;
padding: 6px 0;
max-width: 60ch;
}
button {
font: inherit;
font-size: 14px;
font-weight: 500;
color: var(--cw-accent);
background: none;
border: 1px solid var(--cw-line);
border-radius: 22px;
min-height: 44px;
min-width: 44px;
padding: 0 18px;
cursor: pointer;
display: inline-flex;
align-items: center;
justify-content: center;
gap: 8px;
}
button.filled {
background: var(--cw-accent);
border-color: transparent;
color: var(--cw-on-accent);
}
button.plain {
border-color: transparent;
padding: 0 12px;
}
button:hover {
background: var(--cw-tint);
}
button.filled:hover {
background: color-mix(in srgb, var(--cw-accent) 88%, var(--cw-text));
}
button:disabled {
opacity: 0.5;
cursor: default;
}
button:focus-visible,
a:focus-visible,
summary:focus-visible,
input:focus-visible,
[tabindex]:focus-visible {
outline: 2px solid var(--cw-accent);
outline-offset: 2px;
}
.rows > li {
display: flex;
align-items: center;
gap: 12px;
min-height: 48px;
padding: 6px 0;
border-top: 1px solid var(--cw-line);
}
.rows > li:first-child {
border-top: none;
}
.rows .grow {
flex: 1;
min-width: 0;
}
.rows .icon {
color: var(--cw-quiet);
}
.chip {
display: inline-block;
font-size: 12px;
line-height: 20px;
padding: 0 8px;
border-radius: 10px;
background: var(--cw-tint);
color: var(--cw-text);
white-space: nowrap;
}
.visually-hidden {
position: absolute;
width: 1px;
height: 1px;
overflow: hidden;
clip-path: inset(50%);
white-space: nowrap;
}
details > summary {
cursor: pointer;
min-height: 44px;
display: flex;
align-items: center;
font-weight: 500;
font-size: 14px;
color: var(--cw-accent);
}
@media (prefers-reduced-motion: no-preference) {
button {
transition: background-color 120ms;
}
}
`;var F3=8,G=class extends O{constructor(){super(...arguments);this.dark=!1;this.results=new Map;this.all=!1}static{this.styles=[P,T,S`
:host {
display: block;
}
code {
font-size: 12px;
color: var(--cw-quiet);
}
.result {
display: inline-flex;
align-items: center;
gap: 6px;
min-height: 44px;
padding: 0 8px;
font-size: 14px;
font-weight: 500;
}
.good,
.good .icon {
color: var(--cw-accent);
}
.bad {
color: var(--error-color, #b3261e);
}
.title {
font-size: 14px;
line-height: 20px;
overflow-wrap: anywhere;
}
`]}render(){let C=this.context;if(!C)return A;let V=C.s.proof.certificates;if(V.length===0)return o`<p class="empty">${C.t("certificates_none")}</p>`;let M=this.all?V:V.slice(0,F3);return o`<ul class="rows" data-test="certificates">
${M.map(r=>this.row(C,r))}
</ul>
${M.length<V.length?o`<button class="plain" @click=${()=>this.all=!0}>${C.t("rest_homes",{count:V.length-M.length})}</button>`:A}`}row(C,V){let M=V.mine?"certificate_mine":"certificate_theirs",r=V.mine?b(C,V.producer):b(C,V.holder),e=[E(C.t,"source",V.source),...V.stored?[C.t("certificate_stored")]:[]].join(", ");return o`<li>
${Z("certificate")}
<div class="grow">
<div class="title"><span class="num">${v(C.f.energy(V.energy_wh))}</span> ${e} · ${r}</div>
<div class="small quiet">
<span class="num">${C.f.moment(V.start,C.s.now.at)}</span> · ${C.t(M)} ·
${E(C.t,"certificate",V.state)} · <code>${V.id.slice(0,8)}</code>
</div>
</div>
${this.check(C,V)}
</li>`}check(C,V){let M=this.results.get(V.id);if(M===!0)return o`<span class="result good" role="status">${Z("check",20)}${C.t("verified")}</span>`;if(M!==void 0)return o`<span class="result bad" role="status">${M===!1?C.t("verify_failed"):M}</span>`;let r=`${C.t("verify")} ${V.id.slice(0,8)}`;return o`<button aria-label=${r} @click=${()=>this.verify(C,V)}>${C.t("verify")}</button>`}async verify(C,V){let M;try{let r=await C.act.verify(V);M=r.valid&&r.certificate.id===V.id}catch(r){M=J(C.t,r)}this.results=new Map(this.results).set(V.id,M)}};l([f({attribute:!1})],G.prototype,"context",2),l([f({type:Boolean,reflect:!0})],G.prototype,"dark",2),l([g()],G.prototype,"results",2),l([g()],G.prototype,"all",2);function c5(L){let H=JSON.stringify({community:L.s.proof.certificates[0]?.community,certificates:L.s.proof.certificates},null,2),C=document.createElement("a");C.href=URL.createObjectURL(new Blob([H],{type:"application/json"})),C.download=`commonwatt-certificates-${new Date(L.s.now.at).toISOString().slice(0,10)}.json`,C.click(),setTimeout(()=>URL.revokeObjectURL(C.href),1e3)}function S5(L,H,C){let V=L.neighbour_w;if(V){let e=V>0?"take":"give";return{direction:e,partner:"neighbours",watts:Math.abs(V),priceMicro:L.price_micro,advantageMicro:$3(L,e),names:D3(e,H,C)}}if(L.grid_w==null)return{direction:V==null?"unknown":"none",partner:"grid",watts:null,priceMicro:L.price_micro,advantageMicro:null,names:[]};let M=L.grid_w>20?"take":L.grid_w<-20?"give":"none",r={take:L.import_micro,give:L.feed_in_micro,none:L.price_micro};return{direction:M,partner:"grid",watts:Math.abs(L.grid_w),priceMicro:r[M],advantageMicro:null,names:[]}}function $3(L,H){let C=H==="take"?L.import_micro:L.feed_in_micro;return L.price_micro==null||C==null?null:H==="take"?C-L.price_micro:L.price_micro-C}function D3(L,H,C){let V=C.find(r=>r.me)?.id,M=new Map(C.map(r=>[r.id,r.name]));return(H?.links??[]).filter(([r,e])=>L==="give"?r===V:e===V).sort((r,e)=>e[2]-r[2]).map(([r,e])=>M.get(L==="give"?e:r)).filter(r=>r!==void 0)}var f5=S`
.hero {
display: grid;
grid-template-columns: minmax(0, 1.5fr) minmax(0, 1fr) minmax(0, 1fr);
gap: 8px 32px;
align-items: start;
}
.hero .lead {
display: flex;
gap: 20px;
align-items: center;
min-width: 0;
}
.badge {
flex: none;
width: 72px;
height: 72px;
border-radius: 50%;
display: grid;
place-items: center;
background: var(--cw-tint);
color: var(--cw-accent);
}
.give .badge {
background: var(--cw-accent);
color: var(--cw-on-accent);
}
.fact {
padding-top: 4px;
min-width: 0;
}
.label {
font-size: 14px;
line-height: 20px;
color: var(--cw-quiet);
}
.lead .label {
font-size: 18px;
line-height: 24px;
font-weight: 500;
color: var(--cw-text);
}
.value {
font-size: 30px;
line-height: 38px;
font-weight: 400;
letter-spacing: -0.01em;
font-variant-numeric: tabular-nums;
white-space: nowrap;
}
.lead .value {
font-size: 48px;
line-height: 54px;
letter-spacing: -0.02em;
}
.value small {
font-size: 0.5em;
letter-spacing: 0;
color: var(--cw-quiet);
margin-left: 4px;
}
.note {
font-size: 14px;
line-height: 20px;
color: var(--cw-quiet);
}
.lead .note {
font-size: 16px;
line-height: 22px;
}
:host([narrow]) .hero {
grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
gap: 16px;
}
:host([narrow]) .hero .lead {
grid-column: 1 / -1;
gap: 16px;
}
:host([narrow]) .badge {
width: 56px;
height: 56px;
}
:host([narrow]) .lead .value {
font-size: 40px;
line-height: 46px;
}
:host([narrow]) .fact .value {
font-size: 24px;
line-height: 32px;
}
`;function h5(L){return o`${L.value}${L.unit?o`<small>${L.unit}</small>`:A}`}function e2(L){let H=S5(L.s.now,L.s.flows,L.s.homes);return o`<div class="hero ${H.direction}" data-test="hero" data-direction=${H.direction}>
<div class="lead">
<div class="badge">${Z(E3(H),L.narrow?32:40)}</div>
<div>
<div class="label">${N3(L,H)}</div>
<div class="value" data-test="power">${H.direction==="none"?o`<span class="note">${L.t("none_why")}</span>`:h5(L.f.power(H.watts))}</div>
<div class="note">${W3(L,H)}</div>
</div>
</div>
<div class="fact">
<div class="label">${I3(L,H)}</div>
<div class="value" data-test="price">${h5(L.f.price(H.priceMicro))}</div>
<div class="note">${U3(L,H)}</div>
</div>
<div class="fact">
<div class="label">${L.t("saved_today")}</div>
<div class="value" data-test="saved">${L.f.money(L.s.now.saved_nano_today)}</div>
<div class="note">${L.s.now.saved_nano_today==null?A:L.t(`basis_${L.s.now.basis??"insight"}`)}</div>
</div>
</div>`}function E3(L){return L.direction==="unknown"?"alert":L.direction}function N3(L,H){return L.t(H.direction)}function W3(L,H){if(H.direction==="unknown")return L.t("unknown_why");if(H.direction==="none")return A;let C=H.direction==="give"?"to":"from";return H.partner==="grid"?L.t(`${C}_grid`):H.names.length===0?L.t(`${C}_somebody`):L.t(`${C}_neighbours`,{names:s5(L.t,H.names)})}function I3(L,H){return H.partner==="neighbours"||H.direction==="none"?L.t("price_of_neighbours"):L.t(H.direction==="give"?"price_feed_in":"price_of_grid")}function U3(L,H){let{advantageMicro:C}=H;if(C==null)return H.partner==="neighbours"&&H.priceMicro==null?L.t("no_price"):A;let V=v(L.f.price(Math.abs(C))).replace("/kWh","");return C<0?L.t("worse",{amount:V}):C===0?L.t("same_as_grid"):L.t(H.direction==="give"?"better_give":"better_take",{amount:V})}function y([L,H],[C,V]){let M=H-L||1;return r=>C+(r-L)/M*(V-C)}function C1(L,H,C){let V=H-L;if(!(V>0))return[L];let M=V/Math.max(1,C),r=10**Math.floor(Math.log10(M)),e=[1,2,5,10].map(a=>a*r).find(a=>a>=M)??10*r,t=Math.ceil(L/e-1e-9),i=Math.floor(H/e+1e-9);return Array.from({length:i-t+1},(a,n)=>(t+n)*e)}function B1(L,H,C,V){let r=[];for(let e=Math.ceil(L/36e5)*36e5;e<=H;e+=36e5)V(e)%C===0&&r.push(e);return r}function s1(L,H,C,V){let M="",r=!1;return H.forEach((e,t)=>{let i=L[t],a=L[t+1];if(e==null||i===void 0||a===void 0){r=!1;return}M+=`${r?"L":"M"}${_(C(i))} ${_(V(e))}H${_(C(a))}`,r=!0}),M}function t2(L,H,C,V,M){let r="",e="";for(let t=0;t+1<L.length;t++){let i=_(V(L[t]??0)),a=_(V(L[t+1]??0));r+=`${t===0?"M":"L"}${i} ${_(M(C[t]??0))}H${a}`,e=`L${a} ${_(M(H[t]??0))}H${i}${e}`}return r===""?"":`${r}${e}Z`}function _(L){return Math.round(L*10)/10}var g5=S`
table {
width: 100%;
border-collapse: collapse;
font-size: 14px;
line-height: 20px;
font-variant-numeric: tabular-nums;
}
th {
font-weight: 400;
font-size: 12px;
color: var(--cw-quiet);
text-align: left;
padding: 0 8px 6px 0;
}
td {
border-top: 1px solid var(--cw-line);
padding: 9px 8px 9px 0;
vertical-align: top;
}
.right {
text-align: right;
padding-right: 0;
padding-left: 8px;
white-space: nowrap;
}
td.who {
overflow-wrap: anywhere;
}
td .icon {
display: inline-block;
vertical-align: -4px;
margin-right: 6px;
color: var(--cw-accent);
}
.scroll {
max-height: 460px;
overflow-y: auto;
}
.book svg {
display: block;
width: 100%;
height: auto;
}
.book text {
font-family: inherit;
font-size: 11px;
fill: var(--cw-quiet);
}
.bids {
fill: none;
stroke: var(--cw-grid);
stroke-width: 2.5;
}
.offers {
fill: none;
stroke: var(--cw-accent);
stroke-width: 2.5;
stroke-dasharray: 7 3;
}
`;function O5(L){let H=L.s.market.trades;return H.length===0?o`<p class="empty">${L.t("trades_none")}</p>`:o`<div class="scroll" tabindex="0" role="region" aria-label=${L.t("trades")}><table data-test="trades">
<thead>
<tr>
<th scope="col">${L.t("when")}</th>
<th scope="col">${L.t("who")}</th>
<th scope="col" class="right">${L.t("energy")}</th>
<th scope="col" class="right">${L.t("price")}</th>
</tr>
</thead>
<tbody>
${H.map(C=>{let V=b(L,C.partner),M=C.state==="final"?L.t("trade_agreed"):C.kind==="position"?"":E(L.t,"trade_kind",C.kind);return o`<tr>
<td class="num">${L.f.moment(C.start,L.s.now.at)}</td>
<td class="who">${Z(C.direction==="sold"?"give":"take",18)}${L.t(`trade_${C.direction}`,{name:V})}
${M?o`<span class="chip">${M}</span>`:A}</td>
<td class="right">${v(L.f.energy(C.energy_wh))}</td>
<td class="right">${C.price_micro==null?"–":v(L.f.price(C.price_micro)).replace("/kWh","")}</td>
</tr>`})}
</tbody>
</table></div>`}function w5(L){let H=L.s.market.book;return!H||H.bids.length===0&&H.offers.length===0?o`<p class="empty">${L.t("book_none")}</p>`:o`<div class="book">
<p class="small quiet">${L.t("book_why",{time:L.f.time(H.start)})}</p>
${G3(L,H)}
<p class="small quiet">━ ${L.t("book_bids")} · ┅ ${L.t("book_offers")}</p>
</div>`}function G3(L,H){let C=L.narrow?344:560,[V,M,r,e]=[44,12,12,180],t=[...H.bids,...H.offers],i=t.map(([u])=>u),[a,n]=[Math.min(0,...i),Math.max(...i)*1.05],d=Math.max(...t.map(([,u])=>u)),m=y([0,d],[V,C-M]),p=y([a,n],[r+e,r]),s=u=>{let h=`M${V} ${_(p(u[0]?.[0]??0))}`;for(let[c,$]of u)h+=`V${_(p(c))}H${_(m($))}`;return h};return o`<svg viewBox="0 0 ${C} ${r+e+24}" role="img" aria-label=${L.t("book_chart")}>
${C1(a/1e6,n/1e6,4).map(u=>x`
<line x1=${V} x2=${C-M} y1=${p(u*1e6)} y2=${p(u*1e6)} stroke="var(--cw-line)"></line>
<text x=${V-6} y=${p(u*1e6)+4} text-anchor="end">${L.f.price(u*1e6).value}</text>`)}
${C1(0,d/1e3,4).map(u=>x`
<text x=${m(u*1e3)} y=${r+e+18} text-anchor="middle">${L.f.number(u,u%1?1:0)}${u===0?" kWh":""}</text>`)}
${H.bids.length?x`<path class="bids" d=${s(H.bids)}></path>`:A}
${H.offers.length?x`<path class="offers" d=${s(H.offers)}></path>`:A}
</svg>`}var Q3=4,z3=9e5,q3=5,y5=S`
.tiles {
display: grid;
grid-template-columns: repeat(auto-fill, minmax(136px, 1fr));
gap: 10px;
}
.tile {
display: flex;
gap: 12px;
align-items: center;
border: 1px solid var(--cw-line);
border-radius: 10px;
padding: 10px 12px;
min-width: 0;
}
.tile .icon {
color: var(--cw-quiet);
}
.tile .what {
font-size: 12px;
line-height: 16px;
color: var(--cw-quiet);
}
.tile .amount {
font-size: 16px;
line-height: 22px;
font-variant-numeric: tabular-nums;
white-space: nowrap;
}
.flowlist .names {
overflow-wrap: anywhere;
font-size: 14px;
line-height: 20px;
}
.flowlist .mine .names {
font-weight: 500;
}
.flowlist .mine .icon {
color: var(--cw-accent);
}
.bar {
display: block;
height: 4px;
border-radius: 2px;
margin-top: 4px;
background: var(--cw-quiet);
opacity: 0.45;
}
.mine .bar {
background: var(--cw-accent);
opacity: 1;
}
`;function k5(L){let H=L.s.flows,C=k1(L)?.id,V=[...H?.links??[]].sort((r,e)=>e[2]-r[2]).slice(0,q3);if(V.length===0)return o`<p class="empty">${L.t("flows_none")}</p>`;let M=V[0]?.[2]??1;return o`<ul class="rows flowlist" data-test="flows">
${V.map(([r,e,t])=>o`<li class=${r===C||e===C?"mine":""}>
${Z(r===C?"give":e===C?"take":"flash",20)}
<div class="grow">
<div class="names">${b(L,r)} → ${b(L,e)}</div>
<span class="bar" style="width:${Math.max(2,t/M*100)}%"></span>
</div>
<span class="num">${v(L.f.power(t*Q3))}</span>
</li>`)}
</ul>`}function B5(L){let H=L.s.flows;if(!H||H.links.length===0)return L.t("map_none");let C=H.state==="final"?"map_final":"map_settled";return L.t(C,{from:L.f.time(H.start),to:L.f.time(H.start+z3)})}function P5(L){let{solar_w:H,battery_w:C,consumption_w:V,charger_w:M,grid_w:r,soc_ppm:e}=L.s.now,t=C==null||Math.abs(C)<20?"idle":C>0?"discharging":"charging",i=e==null?"":` · ${L.f.percent(e)}`,a=r==null||Math.abs(r)<20?"idle":r>0?"taking":"giving";return o`<div class="tiles" data-test="my-home">
${H==null?A:Z1("solar",L.t("solar"),v(L.f.power(H)))}
${C==null?A:Z1("battery",`${L.t("battery")}${i}`,`${b5(C)}${v(L.f.power(C))}`,L.t(t))}
${Z1("uses",L.t("uses"),v(L.f.power(V)))}
${M==null?A:Z1("car",L.t("car"),v(L.f.power(M)),L.t("included"))}
${Z1("grid",L.t("grid"),`${b5(r==null?r:-r)}${v(L.f.power(r))}`,r==null?"":L.t(a))}
</div>`}function b5(L){return L==null||Math.abs(L)<20?"":L>0?"▲ ":"▼ "}function Z1(L,H,C,V=""){return o`<div class="tile">
${Z(L)}
<div>
<div class="what">${H}</div>
<div class="amount">${C}</div>
${V?o`<div class="what">${V}</div>`:A}
</div>
</div>`}var R5=S`
.origin {
display: flex;
height: 44px;
border-radius: 8px;
overflow: hidden;
gap: 2px;
}
.origin div {
min-width: 2px;
}
.suppliers {
display: flex;
flex-wrap: wrap;
gap: 8px 32px;
margin-bottom: 16px;
}
.suppliers .label {
font-size: 14px;
line-height: 20px;
color: var(--cw-quiet);
}
.suppliers .value {
font-size: 30px;
line-height: 36px;
font-variant-numeric: tabular-nums;
}
.sources {
display: grid;
grid-template-columns: repeat(auto-fill, minmax(190px, 1fr));
gap: 4px 24px;
margin-top: 14px;
font-size: 14px;
line-height: 24px;
}
.sources li {
display: flex;
align-items: center;
gap: 8px;
}
.sources .dot {
width: 12px;
height: 12px;
border-radius: 3px;
flex: none;
}
.sources .num {
margin-left: auto;
}
.carbon {
display: flex;
align-items: center;
gap: 12px;
margin-top: 18px;
padding-top: 16px;
border-top: 1px solid var(--cw-line);
}
.carbon .icon {
color: var(--cw-quiet);
}
.carbon b {
font-size: 20px;
font-weight: 400;
font-variant-numeric: tabular-nums;
}
`,i2=["own","neighbour","grid","unknown"],T5={solar:"var(--cw-solar)",wind:"#4aa3c7",hydro:"#2f6f9f",biogas:"#7a9a3a",natural_gas:"#9a7b6a",hydrogen:"#a78bd0",grid:"color-mix(in srgb, var(--cw-quiet) 60%, var(--cw-card))",unknown:"color-mix(in srgb, var(--cw-quiet) 30%, var(--cw-card))"};function F5(L,H){if(H.length===0)return o`<p class="empty">${L.t("proof_none")}</p>`;let C=[...H].sort((r,e)=>i2.indexOf(r.supplier)-i2.indexOf(e.supplier)||e.share_ppm-r.share_ppm),V=i2.map(r=>({supplier:r,ppm:H.filter(e=>e.supplier===r).reduce((e,t)=>e+t.share_ppm,0)})).filter(({ppm:r})=>r>0),M=V.map(({supplier:r,ppm:e})=>`${L.t(`supplier_${r}`)} ${L.f.percent(e)}`).join(", ");return o`<div data-test="origin">
<div class="suppliers">
${V.map(({supplier:r,ppm:e})=>o`<div>
<div class="label">${L.t(`supplier_${r}`)}</div>
<div class="value" data-supplier=${r}>${L.f.percent(e)}</div>
</div>`)}
</div>
<div class="origin" role="img" aria-label=${M}>
${C.map(r=>o`<div style="flex:${r.share_ppm/1e6};background:${_5(r)}"></div>`)}
</div>
<ul class="sources">
${C.map(r=>o`<li>
<span class="dot" style="background:${_5(r)}"></span>
${r.supplier==="grid"?L.t("source_grid"):`${E(L.t,"source",r.source)} · ${L.t(`supplier_${r.supplier}`)}`}
<span class="num">${L.f.percent(r.share_ppm)}</span>
</li>`)}
</ul>
</div>`}function _5(L){let H=T5[L.source]??T5.unknown;return L.supplier==="neighbour"?`color-mix(in srgb, ${H} 72%, var(--cw-card))`:`${H}`}function $5(L){let H=L.s.proof.carbon_g_per_kwh;return H==null?A:o`<div class="carbon">
${Z("leaf")}
<div><div class="small quiet">${L.t("carbon")}</div><b>${L.f.number(H,0)}</b> <span class="quiet">${L.t("carbon_unit")}</span></div>
</div>`}var K3=3,D5=S`
.actions .time {
font-size: 13px;
color: var(--cw-quiet);
}
.actions .why {
font-size: 14px;
line-height: 20px;
color: var(--cw-quiet);
}
.actions .what {
font-size: 16px;
line-height: 22px;
}
.actions li {
align-items: flex-start;
padding: 12px 0;
}
.steer {
display: flex;
flex-wrap: wrap;
align-items: center;
justify-content: space-between;
gap: 12px;
}
`;function E5(L,H=K3){let C=(L.s.plan?.actions??[]).filter(V=>V.ends_at>L.s.now.at).slice(0,H);return C.length===0?o`<p class="empty">${L.t("plan_next_none")}</p>`:o`<ol class="rows actions" data-test="actions">
${C.map(V=>{let M=L.s.now.at,e=V.starts_at<=M?L.t("plan_goes_on",{time:L.f.moment(V.ends_at,M)}):`${L.f.moment(V.starts_at,M)} – ${L.f.time(V.ends_at)}`,t=L.t(`kind_${V.kind}`,{name:V.name});return o`<li>
${Z(j3(V.kind))}
<div class="grow">
<div class="time num">${e}</div>
<div class="what">${t} · <span class="num">${v(L.f.power(V.power_w))}</span></div>
<div class="why">${L.t("plan_reason_because",{why:E(L.t,"why",V.reason)})}</div>
</div>
</li>`})}
</ol>`}function j3(L){return L.endsWith("battery")?"action_battery":L.endsWith("car")?"action_car":L.endsWith("hydrogen")?"action_hydrogen":L==="heat"?"action_heat":"action_appliance"}function N5(L,H,C){let V=L.s.control;if(!V)return o`<p class="small quiet">${L.t("plan_admin")}</p>`;if(V.length===0)return A;let M=V.filter(e=>e.armed),r=M.length>0?`${L.t("plan_steered")}: ${M.map(e=>e.name).join(", ")}`:L.t("plan_not_steered");return o`<div class="steer">
<span class="quiet">${r}</span>
${M.length>0?o`<button ?disabled=${C} @click=${()=>H(!1)} data-test="pause">${Z("pause",20)}${L.t("plan_pause")}</button>`:o`<button ?disabled=${C} @click=${()=>H(!0)} data-test="resume">${Z("play",20)}${L.t("plan_resume")}</button>`}
</div>`}var I5=S`
.fields {
display: grid;
grid-template-columns: repeat(auto-fit, minmax(160px, 1fr));
gap: 12px;
margin: 12px 0;
}
.fields label {
font-size: 13px;
color: var(--cw-quiet);
display: grid;
gap: 4px;
}
.fields input {
font: inherit;
font-size: 16px;
color: var(--cw-text);
background: var(--cw-card);
border: 1px solid var(--cw-quiet);
border-radius: 8px;
min-height: 44px;
padding: 0 12px;
min-width: 0;
}
`;function a2(L,H,C){let V=L.s.control??[];return o`<p class="small quiet">${L.t("arming_why")}</p>
${V.length===0?o`<p class="empty">${L.t("arming_none")}</p>`:o`<ul class="rows" data-test="arming">
${V.map(M=>{let r=M.armed?M.until==null?L.t("armed"):L.t("armed_until",{time:`${L.f.date(M.until)} ${L.f.time(M.until)}`}):L.t("disarmed");return o`<li>
${Z(M.kind==="charger"?"car":"battery")}
<div class="grow">
<div>${M.name}</div>
<div class="small quiet">${r}${M.fault?o` · ${L.t("fault",{what:M.fault.replaceAll("_"," ")})}`:A}</div>
</div>
<button ?disabled=${C} aria-label="${L.t(M.armed?"disarm":"arm")} ${M.name}"
@click=${()=>H(M,!M.armed)}>${L.t(M.armed?"disarm":"arm")}</button>
</li>`})}
</ul>`}`}function U5(L,H,C){let V=L.s.limits;if(!V||!L.act.knows("set_limits"))return o`<p>${L.t("limits_auto")}</p>`;let M=`${L.s.home.currency}/kWh`,r=t=>t==null?"":String(t/1e6),e=t=>{t.preventDefault();let i=new FormData(t.target),[a,n]=[String(i.get("buy")??""),String(i.get("sell")??"")];H({...a===""?{}:{buy_max:Number(a)},...n===""?{}:{sell_min:Number(n)}})};return o`<p class="small quiet">${L.t("limits_auto")}</p>
<form @submit=${e} data-test="limits">
<div class="fields">
<label>${L.t("limits_buy")} (${M})<input name="buy" type="number" step="0.001" inputmode="decimal" .value=${r(V.buy_max_micro)} /></label>
<label>${L.t("limits_sell")} (${M})<input name="sell" type="number" step="0.001" inputmode="decimal" .value=${r(V.sell_min_micro)} /></label>
</div>
<button class="filled" ?disabled=${C}>${L.t("limits_save")}</button>
</form>`}function A2(L){let{import_micro:H,feed_in_micro:C}=L.s.now,V=L.s.limits;return o`<p class="small quiet">${L.t("limits_auto")}</p>
<ul class="rows" data-test="limits-shown">
<li><span class="grow">${L.t("limits_buy")}</span><span class="num">${v(L.f.price(V?.buy_max_micro??H))}</span></li>
<li><span class="grow">${L.t("limits_sell")}</span><span class="num">${v(L.f.price(V?.sell_min_micro??C))}</span></li>
<li><span class="grow">${L.t("limits_gift")}</span><span class="num">${v(L.f.energy(V?.gift_wh_max_day??L.s.home.gift_wh_max_day))}</span></li>
</ul>`}function G5(L){let{members:H,members_online:C}=L.s.now,V=L.s.peers??[],M=H==null?"–":L.t("peers_online",{online:C??"–",members:H});return o`<p class="small quiet">${M}</p>
${V.length===0?o`<p class="empty">${L.t("peers_none")}</p>`:o`<ul class="rows">${V.map(r=>Y3(L,r))}</ul>`}`}function Y3(L,H){let C=[H.transport,H.rtt_ms==null?null:`${H.rtt_ms} ms`,H.faults?L.t("peer_faults",{count:H.faults}):null,H.last_seen==null?null:L.f.moment(H.last_seen,L.s.now.at)].filter(V=>V!=null);return o`<li>
${Z(H.online===!1?"offline":"home")}
<div class="grow"><div>${H.name}</div><div class="small quiet">${C.join(" · ")}</div></div>
</li>`}var Q5=S`
.score {
display: flex;
gap: 28px;
align-items: center;
flex-wrap: wrap;
}
.ring {
width: 128px;
height: 128px;
flex: none;
}
.ring .track {
fill: none;
stroke: var(--cw-line);
stroke-width: 9;
}
.ring .done {
fill: none;
stroke: var(--cw-accent);
stroke-width: 9;
stroke-linecap: round;
}
.ring text {
font-family: inherit;
text-anchor: middle;
fill: var(--cw-text);
}
.parts {
flex: 1;
min-width: 220px;
display: grid;
gap: 10px;
}
.part {
font-size: 14px;
line-height: 20px;
}
.part .line {
display: flex;
justify-content: space-between;
gap: 12px;
}
.meter {
height: 6px;
border-radius: 3px;
background: var(--cw-line);
overflow: hidden;
margin: 4px 0;
}
.meter > span {
display: block;
height: 100%;
background: var(--cw-accent);
}
.badges {
display: grid;
grid-template-columns: repeat(auto-fill, minmax(120px, 1fr));
gap: 12px;
}
.badges li {
text-align: center;
font-size: 13px;
line-height: 18px;
}
.badges .medal {
width: 56px;
height: 56px;
margin: 0 auto 6px;
border-radius: 50%;
display: grid;
place-items: center;
color: var(--cw-quiet);
border: 2px dashed var(--cw-line);
}
.badges .earned .medal {
background: var(--cw-accent);
color: var(--cw-on-accent);
border: none;
}
.vote {
padding: 14px 0;
border-top: 1px solid var(--cw-line);
}
.vote:first-child {
border-top: none;
padding-top: 0;
}
.vote .buttons {
display: flex;
gap: 8px;
margin-top: 10px;
}
.error {
color: var(--error-color, #b3261e);
font-size: 14px;
}
`;function X3(L,H){let C=H.out_of>0?Math.min(1,H.points/H.out_of):0,V=2*Math.PI*54,M=`${L.t("score")}: ${H.points} ${L.t("score_of",{total:H.out_of})}`;return o`<svg class="ring" viewBox="0 0 128 128" role="img" aria-label=${M}>
<circle class="track" cx="64" cy="64" r="54"></circle>
<circle class="done" cx="64" cy="64" r="54" stroke-dasharray="${C*V} ${V}" transform="rotate(-90 64 64)"></circle>
<text x="64" y="70" font-size="34">${L.f.number(H.points,0)}</text>
<text x="64" y="90" font-size="12">${L.t("score_of",{total:H.out_of})}</text>
</svg>`}function z5(L){let H=L.s.score;return H?o`<div class="score" data-test="score">
${X3(L,H)}
<div class="parts">
${H.level?o`<div><span class="chip">${H.level}</span>
${H.streak_days?o` <span class="chip">${L.t("streak",{count:H.streak_days})}</span>`:A}
${H.reputation_ppm==null?A:o` <span class="chip">${L.t("reputation")} ${L.f.percent(H.reputation_ppm)}</span>`}</div>`:A}
${H.parts.map(C=>o`<div class="part">
<div class="line"><span>${C.name}</span><span class="num">${C.points} / ${C.out_of}</span></div>
${d2(C.out_of?C.points/C.out_of:0)}
<div class="small quiet">${C.why}</div>
</div>`)}
</div>
</div>`:o`<p class="empty">${L.t("score_none")}</p>`}function d2(L){return o`<div class="meter"><span style="width:${Math.min(100,Math.max(0,L*100))}%"></span></div>`}function q5(L){let H=L.s.badges??[];if(H.length===0)return o`<p class="empty">${L.t("badges_none")}</p>`;let C=[...H].sort((V,M)=>+(M.earned_at!=null)-+(V.earned_at!=null));return o`<ul class="badges" data-test="badges">
${C.map(V=>o`<li class=${V.earned_at==null?"":"earned"} title=${V.description}>
<div class="medal">${Z(V.earned_at==null?"star":"check",28)}</div>
${V.name}
${V.earned_at==null&&V.progress_ppm?o`<div class="quiet">${L.f.percent(V.progress_ppm)}</div>`:A}
<span class="visually-hidden">${V.description}</span>
</li>`)}
</ul>`}function K5(L){let H=L.s.missions??[];return H.length===0?o`<p class="empty">${L.t("missions_none")}</p>`:o`<ul class="rows" data-test="missions">${H.map(C=>J3(L,C))}</ul>`}function J3(L,H){return o`<li><div class="grow part">
<div class="line"><b>${H.name}</b><span class="num">${H.amount??L.f.percent(H.progress_ppm)}</span></div>
${H.progress_ppm==null?A:d2(H.progress_ppm/1e6)}
<div class="small quiet">${H.description}${H.ends_at==null?A:o` · ${L.t("plan_until",{time:L.f.date(H.ends_at)})}`}</div>
</div></li>`}function j5(L){let H=L.s.leaderboard;return!H?.opted_in||H.rows.length===0?o`<p class="empty">${L.t("leaderboard_off")}</p>`:o`<ol class="rows" data-test="leaderboard">
${H.rows.map(C=>o`<li>
<span class="num quiet">${C.rank}.</span>
<span class="grow">${C.me?o`<b>${C.name} (${L.t("you")})</b>`:C.name}</span>
<span class="num">${C.points}</span>
</li>`)}
</ol>`}function Y5(L){let H=L.s.gifts.filter(C=>C.state!=="ended"||C.moved_wh>0);return H.length===0?o`<p class="empty">${L.t("gifts_none")}</p>`:o`<ul class="rows" data-test="gifts">${H.map(C=>C0(L,C))}</ul>`}function C0(L,H){let C=b(L,H.mine?H.receiver:H.giver),V=v(L.f.energy(H.energy_wh)),r=H.moved_wh>=H.energy_wh?L.t("gift_done"):H.state==="ended"?L.t("gift_ended"):H.moved_wh>0?L.t("gift_moved",{amount:v(L.f.energy(H.moved_wh))}):L.t("gift_waiting",{time:L.f.moment(H.until,L.s.now.at)});return o`<li>
${Z("gift")}
<div class="grow">
<div>${L.t(H.mine?"gift_given":"gift_received",{name:C,amount:V})}</div>
<div class="small quiet">${r}</div>
</div>
</li>`}function X5(L,H){let C=L.s.requests??[];return C.length===0?o`<p class="empty">${L.t("requests_none")}</p>`:o`<ul class="rows" data-test="requests">
${C.map(V=>{let M=v(L.f.energy(V.energy_wh)),r=L.f.moment(V.until,L.s.now.at),e=V.mine?L.t("request_mine",{amount:M,time:r}):L.t("request_text",{name:V.from,amount:M,time:r});return o`<li>
${Z("help")}
<div class="grow"><div>${e}</div>
${V.given_wh>0?o`<div class="small quiet">${L.t("request_given",{amount:v(L.f.energy(V.given_wh))})}</div>`:A}</div>
${V.mine||!V.party||!L.s.home.may_act?A:o`<button @click=${()=>H(V)}>${L.t("gift")}</button>`}
</li>`})}
</ul>`}function J5(L,H,C){let V=L.s.votes??[];return V.length===0?o`<p class="empty" data-test="votes-none">${L.t("votes_none")}</p>`:o`<div data-test="votes">${V.map(M=>H0(L,M,H,C))}</div>`}function H0(L,H,C,V){let M=H.state==="open"&&H.mine==null&&L.s.home.may_act,r=L.t("vote_count",{yes:H.yes,no:H.no,needed:H.quorum}),e=H.state==="open"?L.t("vote_until",{time:L.f.moment(H.deadline,L.s.now.at)}):L.t(`vote_${H.state}`);return o`<div class="vote" data-vote=${H.id}>
<h3>${H.title}</h3>
<p class="small">${H.description}</p>
<p class="small quiet">${e} · ${r}</p>
${d2(H.voters?H.yes/H.voters:0)}
${H.mine?o`<span class="chip">${L.t(`vote_mine_${H.mine}`)}</span>`:A}
${M?o`<div class="buttons">
<button class="filled" ?disabled=${V} @click=${()=>C(H,!0)} data-test="vote-yes">${L.t("vote_yes")}</button>
<button ?disabled=${V} @click=${()=>C(H,!1)} data-test="vote-no">${L.t("vote_no")}</button>
</div>`:A}
</div>`}var C3=S`
:host {
display: flex;
flex-direction: column;
height: 100vh;
height: 100dvh;
background: var(--primary-background-color, #fafafa);
}
header {
flex: none;
display: flex;
align-items: center;
gap: 8px;
min-height: 56px;
padding: 0 12px;
padding-top: env(safe-area-inset-top, 0px);
color: var(--app-header-text-color, var(--cw-text));
background: var(--app-header-background-color, var(--cw-card));
border-bottom: 1px solid var(--cw-line);
}
h1 {
font-size: 20px;
font-weight: 400;
line-height: 56px;
white-space: nowrap;
margin-right: 16px;
}
.fill {
flex: 1;
}
header button {
color: inherit;
}
.gear {
padding: 0;
border-radius: 50%;
}
.tabs {
display: flex;
align-self: stretch;
}
.tabs button {
border: none;
border-radius: 0;
color: inherit;
min-height: 56px;
padding: 0 16px;
font-weight: 500;
border-bottom: 3px solid transparent;
border-top: 3px solid transparent;
}
.tabs button[aria-selected="true"] {
border-bottom-color: currentColor;
}
.tabs button:focus-visible {
outline-offset: -4px;
outline-color: currentColor;
}
main {
flex: 1;
min-height: 0;
overflow-y: auto;
display: grid;
grid-template-columns: repeat(6, minmax(0, 1fr));
grid-auto-rows: min-content;
align-content: start;
gap: 16px;
padding: 16px max(16px, calc((100% - 1320px) / 2)) 32px;
}
.wide,
.notices {
grid-column: 1 / -1;
}
.notices:empty,
.notices:not(:has(p)) {
display: none;
}
.main {
grid-column: span 4;
}
.side {
grid-column: span 2;
display: grid;
gap: 16px;
align-content: start;
}
section.side {
display: block;
}
main.proof .main,
main.proof .side,
.half {
grid-column: span 3;
}
main > .card.wide {
padding: 24px;
}
.card > button {
margin-top: 12px;
}
.notices {
display: flex;
flex-wrap: wrap;
gap: 8px;
}
.notice {
display: inline-flex;
align-items: center;
gap: 8px;
font-size: 14px;
line-height: 20px;
padding: 4px 12px;
border-radius: 14px;
background: var(--cw-tint);
}
.notice.offline,
.notice.bad {
background: color-mix(in srgb, var(--warning-color, #ffa600) 22%, var(--cw-card));
}
.waiting {
grid-column: 1 / -1;
}
.alone {
display: grid;
justify-items: center;
align-content: center;
text-align: center;
gap: 12px;
padding: 56px 24px;
}
.alone p {
max-width: 46ch;
line-height: 22px;
}
.circle {
width: 112px;
height: 112px;
border-radius: 50%;
background: var(--cw-accent);
color: var(--cw-on-accent);
display: grid;
place-items: center;
}
.switch {
display: inline-flex;
}
.switch button {
border-radius: 0;
margin-left: -1px;
font-size: 13px;
padding: 0 14px;
}
.switch button:first-child {
border-radius: 22px 0 0 22px;
}
.switch button:last-child {
border-radius: 0 22px 22px 0;
}
.switch button[aria-pressed="true"] {
background: var(--cw-tint);
border-color: var(--cw-accent);
z-index: 1;
}
select {
font: inherit;
font-size: 14px;
color: inherit;
background: transparent;
border: 1px solid currentColor;
border-radius: 8px;
min-height: 40px;
max-width: 40vw;
padding: 0 8px;
}
option {
color: #212121;
background: #fff;
}
:host([narrow]) main {
grid-template-columns: minmax(0, 1fr);
gap: 12px;
padding: 12px 8px 24px;
}
:host([narrow]) main > *,
:host([narrow]) main.proof > * {
grid-column: 1;
}
:host([narrow]) .card,
:host([narrow]) main > .card.wide {
padding: 16px;
}
:host([narrow]) .tabs {
flex: none;
align-self: auto;
justify-content: space-around;
background: var(--cw-card);
border-top: 1px solid var(--cw-line);
padding-bottom: env(safe-area-inset-bottom, 0px);
}
:host([narrow]) .tabs button {
flex: 1;
flex-direction: column;
gap: 2px;
padding: 6px 0 4px;
min-width: 0;
font-size: 12px;
color: var(--cw-quiet);
border: none;
}
:host([narrow]) .tabs button[aria-selected="true"] {
color: var(--cw-accent);
background: none;
}
:host([narrow]) .tabs button .icon {
padding: 2px 14px;
width: 52px;
height: 28px;
border-radius: 14px;
}
:host([narrow]) .tabs button[aria-selected="true"] .icon {
background: var(--cw-tint);
}
`;var M1=["now","plan","market","proof","together"],k=class extends U{constructor(){super(...arguments);this.tab="now";this.listed=[];this.busy=!1;this.problem="";this.month=!1;this.resized=()=>this.phone=window.innerWidth<870;this.phone=window.innerWidth<870}static{this.styles=[P,T,C3,f5,y5,D5,g5,R5,Q5,I5]}connectedCallback(){super.connectedCallback(),window.addEventListener("resize",this.resized),this.resized()}disconnectedCallback(){super.disconnectedCallback(),window.removeEventListener("resize",this.resized)}willUpdate(C){if(C.has("route")){let V=this.route?.path.split("/")[1];V&&[...M1,"settings"].includes(V)&&(this.tab=V)}this.listed.length===0&&this.live.phase==="live"&&this.list(),this.narrow=this.phone}async list(){this.listed=await this.hass.callWS({type:"commonwatt/homes"})}render(){let C=this.maker.words(this.hass),V=this.context(),M=this.tab==="settings"&&V&&!V.s.home.admin?"now":this.tab;return o`
<header>
<ha-menu-button .hass=${this.hass} .narrow=${this.narrow}></ha-menu-button>
<h1>${C("title")}</h1>
${this.narrow?A:this.tabs(C,M)}
<span class="fill"></span>
${this.listed.length>1?this.chooser(C):A}
${V?.s.home.admin?o`<button class="plain gear" aria-label=${C("settings")} aria-pressed=${M==="settings"} @click=${()=>this.go("settings")}>${Z("settings")}</button>`:A}
</header>
<main id="view" class=${M} role=${M==="settings"?"main":"tabpanel"} aria-label=${C(`tab_${M}`)} data-tab=${M}>
${V?o`${this.notices(V)}${this.view(V,M)}`:this.waiting(C)}
</main>
${this.narrow?this.tabs(C,M):A}
${V?o`<commonwatt-gift .context=${V} .dark=${this.dark}></commonwatt-gift>`:A}
`}tabs(C,V){return o`<nav class="tabs" role="tablist" aria-label=${C("tabs")} @keydown=${this.stepped}>
${M1.map(M=>o`<button
role="tab"
id="tab-${M}"
aria-selected=${M===V}
tabindex=${M===V||V==="settings"&&M==="now"?0:-1}
aria-controls="view"
@click=${()=>this.go(M)}
>
${Z(M,this.narrow?24:20)}<span>${C(`tab_${M}`)}</span>
</button>`)}
</nav>`}chooser(C){return o`<label class="choose"><span class="visually-hidden">${C("choose_home")}</span>
<select @change=${V=>this.show(V.target.value)}>
${this.listed.map(V=>o`<option value=${V.entry_id} ?selected=${V.entry_id===this.shownEntry}>${V.title}</option>`)}
</select></label>`}waiting(C){return o`<div class="card waiting"><p>${C(this.live.phase==="missing"?"missing":"connecting")}</p></div>`}notices(C){let V=C.f.moment(C.s.now.at,Date.now()),M=C.s.home.kind==="demo";return o`<div class="notices">
${C.offline?o`<p class="notice offline" role="status" data-test="offline">${Z("offline",20)}${C.t("offline",{time:V})}</p>`:A}
${M&&!C.offline?o`<p class="notice" data-test="demo">${C.t(C.s.now.running?"demo":"demo_stopped",{time:V})}</p>`:A}
${this.problem?o`<p class="notice bad" role="alert">${Z("alert",20)}${this.problem}</p>`:A}
</div>`}view(C,V){switch(V){case"now":return this.now(C);case"plan":return this.plan(C);case"market":return this.market(C);case"proof":return this.proof(C);case"together":return this.together(C);case"settings":return this.settings(C)}}now(C){let V=(C.s.now.members??C.s.homes.length)<=1;return o`<section class="card wide">${e2(C)}</section>
${V?this.alone(C):o`
<section class="card main">
<div class="head"><h2>${C.t("map_title")}</h2><span class="small quiet num">${B5(C)}</span></div>
<commonwatt-map .context=${C} .dark=${this.dark} @home-chosen=${M=>this.gift?.open(M.detail)}></commonwatt-map>
<p class="small quiet">${C.t("map_legend_live")}</p>
</section>`}
<div class="side">
${V?A:o`<section class="card"><div class="head"><h2>${C.t("flows")}</h2></div>${k5(C)}
${C.s.home.may_act?o`<button @click=${()=>this.gift?.open()} data-test="gift-open">${Z("gift",20)}${C.t("gift")}</button>`:A}</section>`}
<section class="card"><div class="head"><h2>${C.t("my_home")}</h2></div>${P5(C)}</section>
</div>`}alone(C){return o`<section class="card main alone" data-test="alone">
<div class="circle">${Z("home",48)}</div>
<h2>${C.t("alone")}</h2>
<p class="quiet">${C.t("alone_why")}</p>
</section>`}plan(C){let V=C.s.plan;return o`<section class="card wide">
<div class="head"><h2>${C.t("plan")}</h2>${V?o`<span class="small quiet">${C.t(`rung_${V.rung}`)}</span>`:A}</div>
${V?o`<commonwatt-plan-chart .context=${C} .dark=${this.dark}></commonwatt-plan-chart>`:o`<p class="empty">${C.t("plan_none")}</p>`}
</section>
<section class="card half"><div class="head"><h2>${C.t("plan_next")}</h2></div>${E5(C)}</section>
<section class="card half"><div class="head"><h2>${C.t("plan_steered")}</h2></div>
${N5(C,M=>this.armAll(C,M),this.busy)}
${C.s.control?a2(C,(M,r)=>this.arm(C,[M],r),this.busy):A}</section>`}market(C){let{phase:V}=C.s.now,M=C.s.market.days.some(r=>r[1]!=null);return o`<section class="card wide">${e2(C)}</section>
<section class="card main">
<div class="head"><h2>${C.t("market_price")}</h2><span class="small quiet">${C.t("market_day")}</span></div>
${M?o`<commonwatt-price-chart .context=${C} .dark=${this.dark}></commonwatt-price-chart>`:o`<p class="empty">${C.t("market_none")}</p>`}
<details><summary>${C.t("book")}</summary>${V?o`<p class="small quiet">${C.t(`phase_${V}`)}</p>`:A}${w5(C)}</details>
</section>
<div class="side">
<section class="card"><div class="head"><h2>${C.t("trades")}</h2><span class="small quiet">${C.t("saved_total",{amount:C.f.money(C.s.now.saved_nano_total)})}</span></div>${O5(C)}</section>
<section class="card"><div class="head"><h2>${C.t("limits")}</h2></div>${A2(C)}</section>
</div>`}proof(C){let V=M=>()=>this.month=M;return o`<section class="card main">
<div class="head"><h2>${C.t("proof_title")}</h2>
<div class="switch" role="group" aria-label=${C.t("proof_title")}>
<button aria-pressed=${!this.month} @click=${V(!1)}>${C.t("proof_today")}</button>
<button aria-pressed=${this.month} @click=${V(!0)}>${C.t("proof_month")}</button>
</div></div>
${F5(C,this.month?C.s.proof.month:C.s.proof.day)}
${this.month?A:$5(C)}
</section>
<section class="card side">
<div class="head"><h2>${C.t("certificates")}</h2>
${C.s.proof.certificates.length?o`<button class="plain" @click=${()=>c5(C)} data-test="export">${Z("download",20)}${C.t("export")}</button>`:A}</div>
<p class="small quiet">${C.t("certificates_why")}</p>
<commonwatt-certificates .context=${C} .dark=${this.dark}></commonwatt-certificates>
</section>`}together(C){let V=(M,r,e="half")=>o`<section class="card ${e}"><div class="head"><h2>${M}</h2></div>${r}</section>`;return o`${V(C.t("score"),z5(C))}
${V(C.t("missions"),K5(C))}
${V(C.t("votes"),J5(C,(M,r)=>this.vote(C,M,r),this.busy))}
${V(C.t("gifts"),o`${Y5(C)}
${C.s.home.may_act&&C.s.homes.length>1?o`<button @click=${()=>this.gift?.open()}>${Z("gift",20)}${C.t("gift")}</button>`:A}`)}
${V(C.t("requests"),X5(C,M=>this.help(M)))}
${V(C.t("leaderboard"),j5(C))}
${V(C.t("badges"),q5(C),"wide")}`}settings(C){return o`
<section class="card half"><div class="head"><h2>${C.t("limits")}</h2></div>${C.s.limits&&C.act.knows("set_limits")?U5(C,V=>this.run(C,()=>C.act.setLimits(V)),this.busy):A2(C)}</section>
<section class="card half"><div class="head"><h2>${C.t("arming")}</h2></div>${a2(C,(V,M)=>this.arm(C,[V],M),this.busy)}</section>
<section class="card half"><div class="head"><h2>${C.t("privacy")}</h2></div><p>${C.t("privacy_why")}</p>
${C.s.home.kind==="demo"?o`<p class="small quiet">${C.t("privacy_demo")}</p>`:A}</section>
<section class="card half"><div class="head"><h2>${C.t("peers")}</h2></div>${G5(C)}</section>
<section class="card wide"><div class="head"><h2>${C.t("dashboard")}</h2></div><p>${C.t("dashboard_why")}</p></section>`}go(C){this.tab=C,this.problem="",history.replaceState(null,"",`/neighbourhood/${C}`),this.renderRoot.querySelector("main")?.scrollTo?.(0,0)}stepped(C){let V={ArrowLeft:-1,ArrowRight:1}[C.key];if(V===void 0)return;C.preventDefault();let M=Math.max(0,M1.indexOf(this.tab)),r=M1[(M+V+M1.length)%M1.length]??"now";this.go(r),this.updateComplete.then(()=>this.renderRoot.querySelector(`#tab-${r}`)?.focus())}async run(C,V){this.busy=!0,this.problem="";try{await V()}catch(M){this.problem=J(C.t,M)}finally{this.busy=!1}}vote(C,V,M){return this.run(C,()=>C.act.vote(V.id,M))}arm(C,V,M){return this.run(C,()=>C.act.arm(V.map(r=>r.id),M))}armAll(C,V){let M=(C.s.control??[]).filter(r=>r.armed!==V);return this.arm(C,M,V)}help(C){C.party&&this.gift?.open(C.party)}};l([f({attribute:!1})],k.prototype,"route",2),l([f({attribute:!1})],k.prototype,"panel",2),l([g()],k.prototype,"tab",2),l([g()],k.prototype,"listed",2),l([g()],k.prototype,"busy",2),l([g()],k.prototype,"problem",2),l([g()],k.prototype,"month",2),l([w1("commonwatt-gift")],k.prototype,"gift",2),l([g()],k.prototype,"phone",2);var V0=[500,1e3,2e3,5e3],L0=4,H3=5e3,B=class extends O{constructor(){super(...arguments);this.dark=!1;this.choosing=!1;this.amountWh=1e3;this.busy=!1;this.problem=""}static{this.styles=[P,T,S`
dialog {
border: none;
border-radius: 20px;
padding: 24px;
width: min(440px, calc(100vw - 32px));
background: var(--cw-card);
color: var(--cw-text);
box-shadow: 0 12px 40px rgba(0, 0, 0, 0.3);
}
dialog::backdrop {
background: rgba(0, 0, 0, 0.4);
}
.title {
display: flex;
justify-content: space-between;
align-items: flex-start;
gap: 12px;
margin-bottom: 12px;
}
h2 {
font-size: 22px;
line-height: 28px;
}
.facts {
display: grid;
gap: 4px;
margin-bottom: 20px;
}
.amounts {
display: grid;
grid-template-columns: repeat(4, 1fr);
gap: 8px;
margin: 12px 0;
}
.amounts button {
padding: 0;
}
.amounts button[aria-checked="true"] {
background: var(--cw-tint);
border-color: var(--cw-accent);
}
.send {
width: 100%;
margin-top: 12px;
}
select {
font: inherit;
color: inherit;
background: var(--cw-card);
border: 1px solid var(--cw-line);
border-radius: 10px;
min-height: 44px;
width: 100%;
padding: 0 12px;
margin-top: 4px;
}
.toast {
position: fixed;
left: 50%;
bottom: calc(88px + env(safe-area-inset-bottom, 0px));
transform: translateX(-50%);
z-index: 20;
display: flex;
align-items: center;
gap: 16px;
max-width: calc(100vw - 32px);
background: #2b2f31;
color: #fff;
border-radius: 12px;
padding: 6px 8px 6px 20px;
font-size: 14px;
box-shadow: 0 6px 20px rgba(0, 0, 0, 0.3);
}
.toast button {
color: #7fe3d3;
border-color: transparent;
}
.toast .left {
position: absolute;
left: 12px;
right: 12px;
bottom: 0;
height: 3px;
border-radius: 2px;
background: #7fe3d3;
transform-origin: left;
animation: left ${H3}ms linear forwards;
}
@keyframes left {
to {
transform: scaleX(0);
}
}
@media (prefers-reduced-motion: reduce) {
.toast .left {
display: none;
}
}
.error {
color: var(--error-color, #b3261e);
font-size: 14px;
margin-top: 8px;
}
`]}async open(C){let V=this.context?.s.homes.filter(M=>!M.me)??[];this.choosing=C===void 0,this.chosen=C??V[0]?.id,this.problem="",await this.updateComplete,this.dialog?.showModal()}disconnectedCallback(){super.disconnectedCallback(),clearTimeout(this.timer)}render(){let C=this.context;if(!C)return A;let V=C.s.homes.find(M=>M.id===this.chosen);return o`<dialog aria-labelledby="title" @close=${()=>this.chosen=void 0} @click=${this.outside} data-test="home-dialog">
${V?this.sheet(C,V):A}
</dialog>
<div aria-live="polite">${this.said?this.toast(C):A}</div>`}sheet(C,V){let M=V.me?C.t("you"):V.name;return o`<div class="title">
<h2 id="title">${this.choosing?C.t("gift"):M}</h2>
<button class="plain" @click=${()=>this.dialog?.close()}>${C.t("close")}</button>
</div>
${this.choosing?this.chooser(C,V):this.facts(C,V)}
${V.me||!C.s.home.may_act?A:this.form(C,V)}`}chooser(C,V){return o`<label class="small quiet">${C.t("gift_choose")}
<select @change=${M=>this.chosen=M.target.value}>
${C.s.homes.filter(M=>!M.me).map(M=>o`<option value=${M.id} ?selected=${M.id===V.id}>${M.name}</option>`)}
</select></label>`}facts(C,V){let M=V.power_w==null?C.t("home_private"):V.power_w===0?C.t("home_idle"):C.t(V.power_w>0?"home_takes":"home_gives",{power:v(C.f.power(V.power_w))}),r=k1(C)?.id,e=(C.s.flows?.links??[]).filter(([t,i])=>t===V.id||i===V.id).sort((t,i)=>+(i[0]===r||i[1]===r)-+(t[0]===r||t[1]===r)||i[2]-t[2]).slice(0,4);return o`<div class="facts">
<p class="quiet">${M0(C,V)} ${M}.</p>
${e.map(([t,i,a])=>o`<p class="small num">
${b(C,t)} → ${b(C,i)} · ${v(C.f.power(a*L0))}
</p>`)}
</div>`}form(C,V){let M=v(C.f.energy(this.amountWh)),r=V0.filter(e=>e<=C.s.home.gift_wh_max_day);return o`<h3>${C.t("gift_to",{name:V.name})}</h3>
<div class="amounts" role="radiogroup" aria-label=${C.t("gift_amount")} @keydown=${e=>this.stepped(e,r)}>
${r.map(e=>o`<button role="radio" aria-checked=${e===this.amountWh} tabindex=${e===this.amountWh?0:-1}
@click=${()=>this.amountWh=e}>${C.f.number(e/1e3,e%1e3?1:0)} kWh</button>`)}
</div>
<p class="small quiet">${C.t("gift_how")}</p>
<button class="filled send" ?disabled=${this.busy||C.offline} @click=${()=>this.send(C,V)} data-test="gift-send">
${Z("gift",20)}${C.t("gift_send",{amount:M})}
</button>
${this.problem?o`<p class="error" role="alert">${this.problem}</p>`:A}`}toast(C){let V=this.said?.gift;return o`<div class="toast" data-test="toast">
<span>${this.said?.text}</span>
${V?o`<button @click=${()=>this.undo(C,V)} data-test="gift-undo">${C.t("gift_undo")}</button><span class="left"></span>`:A}
</div>`}stepped(C,V){let M={ArrowLeft:-1,ArrowUp:-1,ArrowRight:1,ArrowDown:1}[C.key];if(M===void 0)return;C.preventDefault();let r=(V.indexOf(this.amountWh)+M+V.length)%V.length;this.amountWh=V[r]??this.amountWh,this.updateComplete.then(()=>this.renderRoot.querySelector('[aria-checked="true"]')?.focus())}outside(C){C.target===this.dialog&&this.dialog?.close()}async send(C,V){this.busy=!0,this.problem="";try{let{id:M}=await C.act.give(V.id,this.amountWh);this.dialog?.close();let r=v(C.f.energy(this.amountWh));this.say(C.t("gift_sent",{amount:r,name:V.name}),H3,M)}catch(M){this.problem=J(C.t,M)}finally{this.busy=!1}}async undo(C,V){this.say("",0);try{await C.act.withdraw(V),this.say(C.t("gift_undone"),3e3)}catch(M){this.say(J(C.t,M),4e3)}}say(C,V,M){clearTimeout(this.timer),this.said=C?{text:C,...M?{gift:M}:{}}:void 0,C&&(this.timer=setTimeout(()=>this.said=void 0,V))}};l([f({attribute:!1})],B.prototype,"context",2),l([f({type:Boolean,reflect:!0})],B.prototype,"dark",2),l([g()],B.prototype,"chosen",2),l([g()],B.prototype,"choosing",2),l([g()],B.prototype,"amountWh",2),l([g()],B.prototype,"busy",2),l([g()],B.prototype,"problem",2),l([g()],B.prototype,"said",2),l([w1("dialog")],B.prototype,"dialog",2);function M0(L,H){return H.me?L.t("you"):H.name}var V3=[.7,.585,.47],r0=7*Math.PI/180,T1=class{constructor(H,C,V){this.frame=H;this.me=V;this.angles=new Map;this.busy=V3.map(()=>[]);this.center={x:H.width/2,y:H.height/2},this.rx=H.width/2-H.node-H.marginX,this.ry=H.height/2-H.node-H.marginY,C.forEach((M,r)=>this.angles.set(M,(r+.5)/C.length*2*Math.PI-Math.PI/2))}place(H){return H===this.me?this.center:this.on(this.angles.get(H)??0,1)}route(H,C){return H===this.me||C===this.me?this.spoke(H,C):this.track(H,C)}on(H,C){return{x:this.center.x+this.rx*C*Math.cos(H),y:this.center.y+this.ry*C*Math.sin(H)}}spoke(H,C){let V=this.place(H),M=this.place(C),r=(H===this.me?1.35:1)*this.frame.node+5,e=(C===this.me?1.35:1)*this.frame.node+11,t=P1(V,M,r),i=P1(M,V,e),a=H===this.me?1:-1,n=[.56,.44,.68,.32,.8].map(d=>L3(t,i,a>0?d:1-d));return{path:`M${R(t)}L${R(i)}`,labels:n}}track(H,C){let V=this.angles.get(H)??0,M=this.angles.get(C)??0,r=e0(M-V),e=r<0?-1:1,t=this.laneFor(V,r),i=V3[t]??.6,a=Math.min(r0,Math.abs(r)/3)*e,n=P1(this.on(V,1),this.on(V,i),this.frame.node+4),d=P1(this.on(M,1),this.on(M,i),this.frame.node+10),m=(i+1)/2-i,p=this.on(V,i+m*.35),s=this.on(M,i+m*.35),u=this.on(V+a,i),h=this.on(M-a,i),c=e>0?1:0,$=`A${R1(this.rx*i)} ${R1(this.ry*i)} 0 0 ${c} ${R(h)}`,E1=`M${R(n)}L${R(p)}Q${R(this.on(V,i))} ${R(u)}${$}Q${R(this.on(M,i))} ${R(s)}L${R(d)}`,n3=[.5,.36,.64,.22,.78].map(p3=>this.on(V+r*p3,i));return{path:E1,labels:n3}}laneFor(H,C){let V=Math.min(H,H+C),M=[V,V+Math.abs(C)],r=this.busy.findIndex(e=>!e.some(t=>t0(M,t)));return r<0&&(r=this.busy.reduce((e,t,i)=>t.length<(this.busy[e]?.length??0)?i:e,0)),this.busy[r]?.push(M),r}},_1=class{constructor(){this.taken=[]}block(H,C,V){this.taken.push([H.x-C,H.y-V,H.x+C,H.y+V])}find(H,C,V){let M=H.find(({x:r,y:e})=>this.taken.every(([t,i,a,n])=>r+C<=t||r-C>=a||e+V<=i||e-V>=n));return M&&this.block(M,C,V),M}};function P1(L,H,C){let V=Math.hypot(H.x-L.x,H.y-L.y)||1;return L3(L,H,C/V)}function L3(L,H,C){return{x:L.x+(H.x-L.x)*C,y:L.y+(H.y-L.y)*C}}function e0(L){return((L+Math.PI)%(2*Math.PI)+2*Math.PI)%(2*Math.PI)-Math.PI}function t0(L,H){return[-2*Math.PI,0,2*Math.PI].some(C=>L[0]+C<H[1]&&H[0]<L[1]+C)}function R1(L){return Math.round(L*10)/10}function R({x:L,y:H}){return`${R1(L)} ${R1(H)}`}var F1="rest";function M3(L,H,C){let V=L.find(d=>d.me),M=L.filter(d=>!d.me),r=M.length<=C.homes?M:i0(M,H,V?.id,C.homes-1),e=new Set([...r.map(d=>d.id),...V?[V.id]:[]]),t=M.length-r.length,{arrows:i,folded:a}=o0(H,e,V?.id),n=i.slice(0,C.arrows);return{me:V,ring:r,restCount:t,arrows:n,hiddenArrows:i.length-n.length+a}}function i0(L,H,C,V){let M=new Map;for(let[t,i,a]of H){let n=t===C||i===C;for(let d of[t,i])M.set(d,(M.get(d)??0)+a*(n?1e6:1))}let r=[...L].sort((t,i)=>(M.get(i.id)??0)-(M.get(t.id)??0)),e=new Set(r.slice(0,V).map(t=>t.id));return L.filter(t=>e.has(t.id))}function o0(L,H,C){let V=new Map,M=0;for(let[e,t,i]of L){let a=[e,t].map(m=>H.has(m)?m:F1);if(a[0]===a[1]){M++;continue}let n=a.join(">"),d=V.get(n);d?d.energyWh+=i:V.set(n,{from:a[0],to:a[1],energyWh:i,mine:a.includes(C??"")})}return{arrows:[...V.values()].sort((e,t)=>Number(t.mine)-Number(e.mine)||t.energyWh-e.energyWh),folded:M}}var a0={width:760,height:500,node:24,marginX:78,marginY:40},A0={width:344,height:440,node:22,marginX:20,marginY:40},d0=4,r3={wide:20,narrow:11},r1=class extends O{constructor(){super(...arguments);this.dark=!1}static{this.styles=[P,T,S`
:host {
display: block;
}
svg {
display: block;
width: 100%;
height: auto;
overflow: visible;
}
text {
font-family: inherit;
fill: var(--cw-text);
text-anchor: middle;
}
.name {
font-size: 12px;
}
.live {
font-size: 11px;
fill: var(--cw-quiet);
font-variant-numeric: tabular-nums;
}
.flow {
fill: none;
stroke: var(--cw-quiet);
stroke-opacity: 0.45;
stroke-linecap: butt;
}
.flow.mine {
stroke: var(--cw-accent);
stroke-opacity: 1;
}
.head {
fill: var(--cw-quiet);
}
.head.mine {
fill: var(--cw-accent);
}
.amount rect {
fill: var(--cw-card);
stroke: var(--cw-line);
}
.amount text {
font-size: 11px;
font-variant-numeric: tabular-nums;
fill: var(--cw-quiet);
}
.amount.mine rect {
stroke: var(--cw-accent);
}
.amount.mine text {
fill: var(--cw-text);
font-weight: 500;
}
.home circle {
fill: var(--cw-card);
stroke: var(--cw-line);
stroke-width: 1.5;
}
.home path {
fill: var(--cw-quiet);
}
.home.trades circle {
stroke: var(--cw-accent);
stroke-width: 2;
}
.home.me circle {
fill: var(--cw-accent);
stroke: none;
}
.home.me path {
fill: var(--cw-on-accent);
}
.home.offline {
opacity: 0.5;
}
.home[role="button"] {
cursor: pointer;
}
.home:focus {
outline: none;
}
.home:focus-visible circle {
stroke: var(--cw-accent);
stroke-width: 4;
}
.home[role="button"]:hover circle {
stroke: var(--cw-accent);
}
`]}render(){let C=this.context;if(!C)return A;let V=C.narrow?A0:a0,M=C.narrow?{homes:9,arrows:9}:{homes:15,arrows:14},r=M3(C.s.homes,C.s.flows?.links??[],M),e=[...r.ring.map(i=>i.id),...r.restCount>0?[F1]:[]],t=new T1(V,e,r.me?.id);return o`<svg
viewBox="0 0 ${V.width} ${V.height}"
role="group"
aria-label=${C.t("map")}
data-test="map"
>
${this.flows(C,r,t,V,e)} ${this.homes(C,r,t,V)}
</svg>`}flows(C,V,M,r,e){let t=Math.max(1,...V.arrows.map(p=>p.energyWh)),i=new _1;for(let p of[...e,V.me?.id??""]){let s=M.place(p);i.block({x:s.x,y:s.y+8},r.node+14,r.node+18)}let a=V.arrows.map(p=>({arrow:p,route:M.route(p.from,p.to)})),n=a.map(({arrow:p,route:s})=>{let u=1.5+4.5*Math.sqrt(p.energyWh/t);return x`<path class="flow ${p.mine?"mine":""}" d=${s.path} stroke-width=${u}
marker-end="url(#${p.mine?"mine":"other"})"></path>`}),d=a.map(({arrow:p,route:s})=>{let u=v(C.f.power(p.energyWh*d0)),h=u.length*3.2+6,c=i.find(s.labels,h,10);return c?this.amount(p,c,u,h):x``}),m=p=>x`<marker id=${p} viewBox="0 0 10 10" refX="3" refY="5" markerWidth="13"
markerHeight="13" markerUnits="userSpaceOnUse" orient="auto"><path class="head ${p}" d="M0 0L10 5L0 10z"></path></marker>`;return[x`<defs>${m("mine")}${m("other")}</defs>`,...[...n].reverse(),...d]}amount(C,V,M,r){return x`<g class="amount ${C.mine?"mine":""}" aria-hidden="true">
<rect x=${V.x-r} y=${V.y-9} width=${2*r} height="18" rx="9"></rect>
<text x=${V.x} y=${V.y+4}>${M}</text></g>`}homes(C,V,M,r){let e=new Set(V.arrows.filter(i=>i.mine).flatMap(i=>[i.from,i.to])),t=V.ring.map(i=>this.home(C,i,M.place(i.id),r,e.has(i.id)));return V.me&&t.push(this.home(C,V.me,M.place(V.me.id),r,!1)),V.restCount>0&&t.push(this.rest(C,V.restCount,M.place(F1),r)),t}home(C,V,M,r,e){let t=V.me?r.node*1.35:r.node,i=V.me?C.t("you"):m0(V.name,C.narrow?r3.narrow:r3.wide),a=C.t("home_label",{name:V.me?C.t("you"):V.name,what:n0(C,V)}),n=["home",V.me?"me":"",e?"trades":"",V.online===!1?"offline":""],d=()=>this.open(V.id);return x`<g class=${n.join(" ")} role="button" tabindex="0" aria-label=${a} data-home=${V.id}
@click=${d} @keydown=${m=>this.pressed(m,d)}>
<circle cx=${M.x} cy=${M.y} r=${t}></circle>
${L2(v5(V.kind),M.x,M.y,t)}
<text class="name" x=${M.x} y=${M.y+t+14}>${i}</text>
${V.power_w==null?A:x`<text class="live" x=${M.x} y=${M.y+t+28}>${p0(C,V.power_w)}</text>`}
</g>`}rest(C,V,M,r){return x`<g class="home" role="img" aria-label=${C.t("rest_label",{count:V})} data-test="rest">
<circle cx=${M.x} cy=${M.y} r=${r.node} stroke-dasharray="4 3"></circle>
${L2(v1.rest,M.x,M.y,r.node)}
<text class="name" x=${M.x} y=${M.y+r.node+14}>${C.t("rest_homes",{count:V})}</text></g>`}pressed(C,V){C.key!=="Enter"&&C.key!==" "||(C.preventDefault(),V())}open(C){this.dispatchEvent(new CustomEvent("home-chosen",{detail:C,bubbles:!0,composed:!0}))}};l([f({attribute:!1})],r1.prototype,"context",2),l([f({type:Boolean,reflect:!0})],r1.prototype,"dark",2);function n0(L,H){return H.online===!1?L.t("home_offline"):H.power_w==null?L.t("home_private"):H.power_w===0?L.t("home_idle"):L.t(H.power_w>0?"home_takes":"home_gives",{power:v(L.f.power(H.power_w))})}function p0(L,H){return(H>0?"▼ ":H<0?"▲ ":"")+v(L.f.power(H))}function m0(L,H){return L.length<=H?L:`${L.slice(0,H-1).trimEnd()}…`}function t3(L){let H=L.boundaries.length-1,C=r=>Array.from({length:H},(e,t)=>r(t)),V=[$1("solar","solar",!0,C(r=>Math.max(0,(L.solar_w[r]??0)-(L.curtailed_w[r]??0)))),...L.assets.map(r=>e3(r,!0)),$1("grid_in","grid_in",!0,C(r=>Math.max(0,-(L.net_w[r]??0))))],M=[$1("load","load",!1,C(r=>Math.max(0,L.load_w[r]??0))),...L.assets.map(r=>e3(r,!1)),$1("grid_out","grid_out",!1,C(r=>Math.max(0,L.net_w[r]??0)))];return[...V,...M].filter(r=>r.watts.some(e=>e>=10))}function $1(L,H,C,V){return{key:L,name:"",tone:H,up:C,watts:V}}function e3(L,H){let C=L.stored_wh.length>0?H?"out":"in":"appliance",V=L.power_w.map(M=>Math.max(0,H?M:-M));return{key:`${L.id}_${H?"out":"in"}`,name:L.name,tone:C,up:H,watts:V}}function i3(L){let H=new Map;return L.map(C=>{let V=C.up?1:-1,M=H.get(C.up)??C.watts.map(()=>0),r=C.watts.map((e,t)=>(M[t]??0)+V*e);return H.set(C.up,r),{...C,low:M,high:r}})}function o3(L){let H=L.flatMap(C=>C.high);return[Math.min(-500,...H),Math.max(500,...H)]}function D1(L,H){let C=L.findIndex(V=>V>H);return C<0?L.length-2:Math.max(0,C-1)}var l0=36e5,F=44,u1=10,N={top:8,height:210},e1=54,n2=26,Q=class extends O{constructor(){super(...arguments);this.hours=48;this.dark=!1;this.layers=[]}static{this.styles=[P,T,S`
:host {
display: block;
}
svg {
display: block;
width: 100%;
height: auto;
touch-action: pan-y;
border-radius: 4px;
}
text {
font-family: inherit;
font-size: 11px;
fill: var(--cw-quiet);
font-variant-numeric: tabular-nums;
}
.end {
text-anchor: end;
}
.middle {
text-anchor: middle;
}
.rule {
stroke: var(--cw-line);
stroke-width: 1;
}
.zero {
stroke: var(--cw-quiet);
stroke-width: 1;
}
.now {
stroke: var(--cw-text);
stroke-width: 1.5;
}
.nowtext {
fill: var(--cw-text);
font-weight: 500;
}
.cursor {
stroke: var(--cw-accent);
stroke-width: 1.5;
stroke-dasharray: 3 3;
}
.soc {
fill: none;
stroke: var(--cw-battery-out);
stroke-width: 2;
}
.socfill {
fill: var(--cw-battery-out);
fill-opacity: 0.15;
}
.price {
fill: none;
stroke: var(--cw-text);
stroke-width: 1.75;
}
.title {
font-weight: 500;
fill: var(--cw-text);
}
.legend {
display: flex;
flex-wrap: wrap;
gap: 4px 16px;
margin-top: 12px;
font-size: 13px;
line-height: 20px;
}
.legend span {
display: inline-flex;
align-items: center;
gap: 6px;
}
.dot {
width: 10px;
height: 10px;
border-radius: 3px;
flex: none;
}
.readout {
min-height: 20px;
margin-bottom: 8px;
font-size: 13px;
line-height: 20px;
color: var(--cw-quiet);
font-variant-numeric: tabular-nums;
}
.readout b {
color: var(--cw-text);
font-weight: 500;
}
`]}render(){let C=this.context,V=C?.s.plan;if(!C||!V||V.boundaries.length<2)return A;V!==this.drawnPlan&&(this.drawnPlan=V,this.layers=i3(t3(V)));let M=C.narrow?344:1e3,r=V.boundaries[0]??0,e=Math.min(V.boundaries.at(-1)??0,r+this.hours*l0),t=y([r,e],[F,M-u1]),i=V.assets.filter(s=>s.kind==="battery"&&s.capacity_wh),a=N.top+N.height+n2+14,n=a+(i.length>0?e1+n2+6:0),d=V.price_micro.some(s=>s!=null),m=(d?n+e1:n-n2)+8,p=this.cursor??D1(V.boundaries,C.s.now.at);return o`<div class="readout" aria-live=${this.cursor===void 0?"off":"polite"} data-test="readout">${this.readout(C,V,p)}</div>
<svg
viewBox="0 0 ${M} ${m}"
role="slider"
tabindex="0"
aria-label=${C.t("plan_chart")}
aria-valuemin="0"
aria-valuemax=${V.boundaries.length-2}
aria-valuenow=${p}
aria-valuetext=${this.spoken(C,V,p)}
@keydown=${this.pressed}
@pointermove=${s=>this.pointed(s,V,M,r,e)}
@pointerleave=${()=>this.cursor=void 0}
@blur=${()=>this.cursor=void 0}
>
<defs><clipPath id="frame"><rect x=${F} y="0" width=${M-F-u1} height=${m}></rect></clipPath></defs>
${this.stack(C,V,t,r,e,M)}
${i.length>0?this.stored(C,V,i,t,a,M):A}
${d?this.prices(C,V,t,n,M):A}
${this.marks(C,V,t,m)}
</svg>
<div class="legend">${this.layers.map(s=>o`<span><span class="dot" style="background:${d3(s)}"></span>${s.up?"▲":"▼"} ${a3(C,s)}</span>`)}</div>`}stack(C,V,M,r,e,t){let[i,a]=o3(this.layers),n=y([i,a],[N.top+N.height,N.top]),d=C1(i,a,5).map(h=>x`<line class=${h===0?"zero":"rule"} x1=${F} x2=${t-u1} y1=${n(h)} y2=${n(h)}></line>
<text class="end" x=${F-6} y=${n(h)+4}>${C.f.number(Math.abs(h)/1e3,Math.abs(h)%1e3?1:0)}</text>`),m=this.layers.map(h=>x`<path clip-path="url(#frame)" fill=${d3(h)} d=${t2(V.boundaries,h.low,h.high,M,n)}></path>`),p=h=>Number(C.f.time(h).slice(0,2)),s=C.narrow?12:6,u=B1(r,e,s,p).map(h=>x`<text class="middle" x=${M(h)} y=${N.top+N.height+16}>${p(h)===0?C.f.day(h):C.f.time(h)}</text>`);return[x`<text x="0" y=${N.top+4}>kW</text>`,...d,...m,...u]}stored(C,V,M,r,e,t){let i=y([0,1],[e+e1,e]),a=M.reduce((d,m)=>d+(m.capacity_wh??0),0)||1,n=V.net_w.map((d,m)=>M.reduce((p,s)=>p+(s.stored_wh[m]??0),0)/a);return[this.strip(C.t("plan_stored"),e,t),...[0,1].map(d=>x`<text class="end" x=${F-6} y=${i(d)+4}>${C.f.percent(d*1e6)}</text>`),x`<path class="socfill" clip-path="url(#frame)" d=${t2(V.boundaries,n.map(()=>0),n,r,i)}></path>
<path class="soc" clip-path="url(#frame)" d=${s1(V.boundaries,n,r,i)}></path>`]}prices(C,V,M,r,e){let t=V.price_micro.filter(p=>p!=null),i=Math.max(...t)*1.1||1,a=y([Math.min(0,...t),i],[r+e1,r]),n=C.f.price(t[0]),m=t.every(p=>p===t[0])?t.slice(0,1):[Math.min(...t),Math.max(...t)];return[this.strip(`${C.t("plan_price")} (${n.unit})`,r,e),...m.map(p=>x`<text class="end" x=${F-6} y=${a(p)+4}>${C.f.price(p).value}</text>`),x`<path class="price" clip-path="url(#frame)" d=${s1(V.boundaries,V.price_micro,M,a)}></path>`]}strip(C,V,M){return x`<text class="title" x=${F} y=${V-8}>${C}</text>
<line class="rule" x1=${F} x2=${M-u1} y1=${V+e1} y2=${V+e1}></line>`}marks(C,V,M,r){let e=Math.max(C.s.now.at,V.boundaries[0]??0),t=[x`<line class="now" x1=${M(e)} x2=${M(e)} y1="0" y2=${r-8}></line>
<text class="nowtext" x=${M(e)+5} y=${N.top+4}>${C.t("plan_now")}</text>`],i=this.cursor;if(i!==void 0){let a=V.boundaries[i]??0,n=M((a+(V.boundaries[i+1]??a))/2);t.push(x`<line class="cursor" x1=${n} x2=${n} y1="0" y2=${r-8}></line>`)}return t}readout(C,V,M){let r=V.boundaries[M]??0;return o`<b>${C.f.moment(r,C.s.now.at)}</b> ${this.parts(C,M).join(" · ")}`}spoken(C,V,M){return`${C.f.moment(V.boundaries[M]??0,C.s.now.at)}: ${this.parts(C,M).join(", ")}`}parts(C,V){return this.layers.filter(M=>(M.watts[V]??0)>=10).map(M=>`${M.up?"▲":"▼"} ${a3(C,M)} ${v(C.f.power(M.watts[V]))}`)}pressed(C){let V=this.context?.s.plan,M={ArrowLeft:-1,ArrowRight:1,PageDown:8,PageUp:-8,Home:-1e4,End:1e4}[C.key];if(!V||M===void 0)return;C.preventDefault();let r=this.cursor??D1(V.boundaries,this.context?.s.now.at??0);this.cursor=Math.min(V.boundaries.length-2,Math.max(0,r+M))}pointed(C,V,M,r,e){let t=C.currentTarget.getBoundingClientRect(),i=y([F,M-u1],[r,e])((C.clientX-t.left)/t.width*M);this.cursor=i<r||i>e?void 0:D1(V.boundaries,i)}};l([f({attribute:!1})],Q.prototype,"context",2),l([f({type:Number})],Q.prototype,"hours",2),l([f({type:Boolean,reflect:!0})],Q.prototype,"dark",2),l([g()],Q.prototype,"cursor",2);function a3(L,H){switch(H.tone){case"in":return L.t("series_in",{name:H.name});case"out":return L.t("series_out",{name:H.name});case"appliance":return H.name;default:return L.t(`series_${H.tone}`)}}var v0={solar:"var(--cw-solar)",load:"color-mix(in srgb, var(--cw-quiet) 55%, var(--cw-card))",grid_in:"var(--cw-grid)",grid_out:"var(--cw-grid-out)",in:"var(--cw-battery-in)",out:"var(--cw-battery-out)"},A3=["#8d6e63","#a1887f","#78909c"];function d3(L){let H=v0[L.tone];if(H&&!/charger|car/.test(L.key))return H;if(H)return L.tone==="in"?"#26a69a":"#80cbc4";let C=[...L.key].reduce((V,M)=>V+M.charCodeAt(0),0);return A3[C%A3.length]??"#8d6e63"}var i1=9e5,x0=96*i1,W=44,t1=10,c1=12,p2=190,m2=56,H1=class extends O{constructor(){super(...arguments);this.dark=!1}static{this.styles=[P,T,S`
:host {
display: block;
}
svg {
display: block;
width: 100%;
height: auto;
touch-action: pan-y;
border-radius: 4px;
}
text {
font-family: inherit;
font-size: 11px;
fill: var(--cw-quiet);
font-variant-numeric: tabular-nums;
}
.end {
text-anchor: end;
}
.middle {
text-anchor: middle;
}
.rule {
stroke: var(--cw-line);
}
.between {
fill: var(--cw-tint);
}
.grid {
stroke: var(--cw-quiet);
stroke-dasharray: 5 4;
}
.price {
fill: none;
stroke: var(--cw-accent);
stroke-width: 2.5;
}
.bought {
fill: var(--cw-grid);
}
.sold {
fill: var(--cw-accent);
}
.cursor {
stroke: var(--cw-text);
stroke-dasharray: 3 3;
}
.readout {
font-size: 13px;
line-height: 20px;
min-height: 20px;
margin-bottom: 8px;
color: var(--cw-quiet);
font-variant-numeric: tabular-nums;
}
.readout b {
color: var(--cw-text);
font-weight: 500;
}
`]}render(){let C=this.context,V=C?.s.market.days??[];if(!C||!V.some(c=>c[1]!=null))return A;let M=C.narrow?344:720,r=(V.at(-1)?.[0]??0)+i1,e=r-x0,t=y([e,r],[W,M-t1]),{import_micro:i,feed_in_micro:a}=C.s.now,d=[...V.map(c=>c[1]).filter(c=>c!=null),...[i,a].filter(c=>c!=null)],m=y([Math.min(0,...d),Math.max(...d)*1.08],[c1+p2,c1]),p=[...V.map(c=>c[0]),r],s=this.cursor??V.length-1,u=V[s],h=c1+p2+m2+44;return o`<div class="readout" aria-live=${this.cursor===void 0?"off":"polite"}>${u?this.readout(C,u):A}</div>
<svg viewBox="0 0 ${M} ${h}" role="slider" tabindex="0" aria-label=${C.t("market_chart")}
aria-valuemin="0" aria-valuemax=${V.length-1} aria-valuenow=${s}
aria-valuetext=${u?this.parts(C,u).join(", "):""}
@keydown=${this.pressed}
@pointermove=${c=>this.pointed(c,V,M,e,r)}
@pointerleave=${()=>this.cursor=void 0}
@blur=${()=>this.cursor=void 0}>
${i==null||a==null?A:x`<rect class="between" x=${W} width=${M-W-t1} y=${m(i)} height=${Math.max(0,m(a)-m(i))}></rect>`}
${C1(Math.min(0,...d)/1e6,Math.max(...d)*1.08/1e6,5).map(c=>x`
<line class="rule" x1=${W} x2=${M-t1} y1=${m(c*1e6)} y2=${m(c*1e6)}></line>
<text class="end" x=${W-6} y=${m(c*1e6)+4}>${C.f.price(c*1e6).value}</text>`)}
${[["market_import",i,-6],["market_feed_in",a,15]].map(([c,$,E1])=>$==null?A:x`
<line class="grid" x1=${W} x2=${M-t1} y1=${m($)} y2=${m($)}></line>
<text x=${W+6} y=${m($)+E1}>${C.t(c)} ${v(C.f.price($))}</text>`)}
<path class="price" d=${s1(p,V.map(c=>c[1]),t,m)}></path>
${B1(e,r,C.narrow?6:3,c=>Number(C.f.time(c).slice(0,2))).map(c=>x`
<text class="middle" x=${t(c)} y=${h-4}>${C.f.time(c)}</text>`)}
${this.energies(V,t,c1+p2+14+m2/2,M)}
${u&&this.cursor!==void 0?x`<line class="cursor" x1=${t(u[0]+i1/2)} x2=${t(u[0]+i1/2)} y1=${c1} y2=${h-18}></line>`:A}
</svg>
<div class="small quiet">▲ ${C.t("market_sold")} · ▼ ${C.t("market_bought")}</div>`}energies(C,V,M,r){let e=Math.max(1,...C.flatMap(a=>[a[2]??0,a[3]??0])),t=a=>a/e*(m2/2),i=Math.max(1,V(i1)-V(0)-1);return x`<line class="rule" x1=${W} x2=${r-t1} y1=${M} y2=${M}></line>
${C.map(([a,,n,d])=>x`
${d?x`<rect class="sold" x=${V(a)} width=${i} y=${M-t(d)} height=${t(d)}></rect>`:A}
${n?x`<rect class="bought" x=${V(a)} width=${i} y=${M} height=${t(n)}></rect>`:A}`)}`}parts(C,[V,M,r,e]){return[C.f.moment(V,C.s.now.at),M==null?C.t("no_trade"):v(C.f.price(M)),...e?[`▲ ${v(C.f.energy(e))} ${C.t("market_sold")}`]:[],...r?[`▼ ${v(C.f.energy(r))} ${C.t("market_bought")}`]:[]]}readout(C,V){let[M,...r]=this.parts(C,V);return o`<b>${M}</b> ${r.join(" · ")}`}pressed(C){let V=this.context?.s.market.days.length??0,M={ArrowLeft:-1,ArrowRight:1,PageDown:4,PageUp:-4,Home:-V,End:V}[C.key];M===void 0||V===0||(C.preventDefault(),this.cursor=Math.min(V-1,Math.max(0,(this.cursor??V-1)+M)))}pointed(C,V,M,r,e){let t=C.currentTarget.getBoundingClientRect(),i=y([W,M-t1],[r,e])((C.clientX-t.left)/t.width*M),a=V.findIndex(n=>i>=n[0]&&i<n[0]+i1);this.cursor=a<0?void 0:a}};l([f({attribute:!1})],H1.prototype,"context",2),l([f({type:Boolean,reflect:!0})],H1.prototype,"dark",2),l([g()],H1.prototype,"cursor",2);var s0={"commonwatt-certificates":G,"commonwatt-gift":B,"commonwatt-map":r1,"commonwatt-plan-chart":Q,"commonwatt-price-chart":H1,"commonwatt-panel":k};for(let[L,H]of Object.entries(s0))customElements.get(L)||customElements.define(L,H);
