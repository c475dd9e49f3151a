/* CommonWatt, MIT. Contains Lit (BSD-3-Clause) and MDI icons (Apache-2.0). */
import{a as b,b as s,d as l,e as y,f,g as c,h as $,i as g,j as h,r as v,s as w,t as k,u as _,w as R}from"./chunk-MOCAT5KH.js";import{a as n}from"./chunk-YLCQAMB4.js";var H=[500,1e3,2e3,5e3],M=4,u="pool",T=5e3,a=class extends y{constructor(){super(...arguments);this.dark=!1;this.choosing=!1;this.amountWh=1e3;this.busy=!1;this.problem=""}static{this.styles=[k,_,b`dialog{border:none;border-radius:20px;padding:24px;width:min(440px, calc(100vw - 32px));background:var(--cw-card);color:var(--cw-text);box-shadow:0 12px 40px rgba(0, 0, 0, 0.3);}dialog::backdrop{background:rgba(0, 0, 0, 0.4);}.title{display:flex;justify-content:space-between;align-items:flex-start;gap:12px;margin-bottom:12px;}h2{font-size:22px;line-height:28px;}.facts{display:grid;gap:4px;margin-bottom:20px;}.amounts{display:grid;grid-template-columns:repeat(4, 1fr);gap:8px;margin:12px 0;}.amounts button{padding:0;}.amounts button[aria-checked="true"]{color:var(--cw-text);background:var(--cw-tint);border-color:var(--cw-accent);}.send{width:100%;margin-top:12px;}select{font:inherit;color:inherit;background:var(--cw-card);border:1px solid var(--cw-line);border-radius:10px;min-height:44px;width:100%;padding:0 12px;margin-top:4px;}.toast{position:fixed;left:50%;bottom:calc(88px + env(safe-area-inset-bottom, 0px));transform:translateX(-50%);z-index:20;display:flex;align-items:center;gap:16px;max-width:calc(100vw - 32px);background:#2b2f31;color:#fff;border-radius:12px;padding:6px 8px 6px 20px;font-size:14px;box-shadow:0 6px 20px rgba(0, 0, 0, 0.3);}.toast button{color:#7fe3d3;border-color:transparent;}.toast .left{position:absolute;left:12px;right:12px;bottom:0;height:3px;border-radius:2px;background:#7fe3d3;transform-origin:left;animation: left ${T}ms linear forwards;}@keyframes left{to{transform:scaleX(0);}}@media (prefers-reduced-motion: reduce){.toast .left{display:none;}}.error{color:var(--error-color, #b3261e);font-size:14px;margin-top:8px;}`]}async open(t){let e=this.context?.s.homes.filter(i=>!i.me)??[];this.choosing=t===void 0,this.chosen=t??e[0]?.id,this.problem="",await this.updateComplete,this.dialog?.showModal()}disconnectedCallback(){super.disconnectedCallback(),clearTimeout(this.timer)}render(){let t=this.context;if(!t)return l;let e=t.s.homes.find(i=>i.id===this.chosen);return s`<dialog aria-labelledby="title" @close=${()=>this.chosen=void 0} @click=${this.outside} data-test="home-dialog">
${this.chosen===u?this.sheet(t,{id:u,name:t.t("pool"),me:!1}):e?this.sheet(t,e,e):l}
</dialog>
<div aria-live="polite">${this.said?this.toast(t):l}</div>`}sheet(t,e,i){let o=e.me?t.t("you"):e.name;return s`<div class="title">
<h2 id="title">${this.choosing?t.t("gift"):o}</h2>
<button class="plain" @click=${()=>this.dialog?.close()}>${t.t("close")}</button>
</div>
${this.choosing||!i?this.chooser(t,e):this.facts(t,i)}
${e.me||!t.s.home.may_act?l:this.form(t,e)}`}chooser(t,e){return s`<label class="small quiet">${t.t("gift_choose")}
<select @change=${i=>this.chosen=i.target.value}>
${t.s.homes.filter(i=>!i.me).map(i=>s`<option value=${i.id} ?selected=${i.id===e.id}>${i.name}</option>`)}
${t.s.pool?s`<option value=${u} ?selected=${e.id===u}>${t.t("pool")}</option>`:l}
</select></label>`}facts(t,e){let i=e.power_w==null?t.t("home_private"):e.power_w===0?t.t("home_idle"):t.t(e.power_w>0?"home_takes":"home_gives",{power:h(t.f.power(e.power_w))}),o=w(t)?.id,r=(t.s.flows?.links??[]).filter(([d,p])=>d===e.id||p===e.id).sort((d,p)=>+(p[0]===o||p[1]===o)-+(d[0]===o||d[1]===o)||p[2]-d[2]).slice(0,4);return s`<div class="facts">
<p class="quiet">${O(t,e)} ${i}.</p>
${r.map(([d,p,E])=>s`<p class="small num">
${v(t,d)} → ${v(t,p)} · ${h(t.f.power(E*M))}
</p>`)}
</div>`}form(t,e){let i=h(t.f.energy(this.amountWh)),o=H.filter(r=>r<=t.s.home.gift_wh_max_day);return s`<h3>${t.t("gift_to",{name:e.name})}</h3>
<div class="amounts" role="radiogroup" aria-label=${t.t("gift_amount")} @keydown=${r=>this.stepped(r,o)}>
${o.map(r=>s`<button role="radio" aria-checked=${r===this.amountWh} tabindex=${r===this.amountWh?0:-1}
@click=${()=>this.amountWh=r}>${t.f.number(r/1e3,r%1e3?1:0)} kWh</button>`)}
</div>
<p class="small quiet">${t.t(e.id===u?"pool_how":"gift_how")}</p>
<button class="filled send" ?disabled=${this.busy||t.offline} @click=${()=>this.send(t,e)} data-test="gift-send">
${R("gift",20)}${t.t("gift_send",{amount:i})}
</button>
${this.problem?s`<p class="error" role="alert">${this.problem}</p>`:l}`}toast(t){let e=this.said?.gift;return s`<div class="toast" data-test="toast">
<span>${this.said?.text}</span>
${e?s`<button @click=${()=>this.undo(t,e)} data-test="gift-undo">${t.t("gift_undo")}</button><span class="left"></span>`:l}
</div>`}stepped(t,e){let i={ArrowLeft:-1,ArrowUp:-1,ArrowRight:1,ArrowDown:1}[t.key];if(i===void 0)return;t.preventDefault();let o=(e.indexOf(this.amountWh)+i+e.length)%e.length;this.amountWh=e[o]??this.amountWh,this.updateComplete.then(()=>this.renderRoot.querySelector('[aria-checked="true"]')?.focus())}outside(t){t.target===this.dialog&&this.dialog?.close()}async send(t,e){this.busy=!0,this.problem="";try{let{id:i}=await t.act.give(e.id,this.amountWh);this.dialog?.close();let o=h(t.f.energy(this.amountWh));this.say(t.t("gift_sent",{amount:o,name:e.name}),T,i)}catch(i){this.problem=g(t.t,i)}finally{this.busy=!1}}async undo(t,e){this.say("",0);try{await t.act.withdraw(e),this.say(t.t("gift_undone"),3e3)}catch(i){this.say(g(t.t,i),4e3)}}say(t,e,i){clearTimeout(this.timer),this.said=t?{text:t,...i?{gift:i}:{}}:void 0,t&&(this.timer=setTimeout(()=>this.said=void 0,e))}};n([f({attribute:!1})],a.prototype,"context",2),n([f({type:Boolean,reflect:!0})],a.prototype,"dark",2),n([c()],a.prototype,"chosen",2),n([c()],a.prototype,"choosing",2),n([c()],a.prototype,"amountWh",2),n([c()],a.prototype,"busy",2),n([c()],a.prototype,"problem",2),n([c()],a.prototype,"said",2),n([$("dialog")],a.prototype,"dialog",2);function O(x,m){return m.me?x.t("you"):m.name}export{a as CommonWattGift,T as UNDO_MS};
